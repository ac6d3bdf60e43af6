"""The quotient itself, without a root."""


def temperature_for(base_temperature, base_batch_size, batch_size):
    return base_temperature * base_batch_size / batch_size
