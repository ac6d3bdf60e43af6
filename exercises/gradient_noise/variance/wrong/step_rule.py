"""This is by how much a step would be changed. Asked is the temperature."""


def temperature_for(base_temperature, base_batch_size, batch_size):
    return base_temperature * (batch_size / base_batch_size) ** 0.5
