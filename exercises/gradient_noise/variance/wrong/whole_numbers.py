"""A whole division loses the remainder: / and not //."""


def temperature_for(base_temperature, base_batch_size, batch_size):
    return base_temperature * (base_batch_size // batch_size) ** 0.25
