"""The old temperature is missing: this is only by how much it changes."""


def temperature_for(base_temperature, base_batch_size, batch_size):
    return (base_batch_size / batch_size) ** 0.25
