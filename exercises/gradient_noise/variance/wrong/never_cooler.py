"""A larger batch needs a lower temperature."""


def temperature_for(base_temperature, base_batch_size, batch_size):
    return base_temperature * max(base_batch_size / batch_size, 1.0) ** 0.25
