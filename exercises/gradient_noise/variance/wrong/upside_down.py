"""The quotient is turned round: a smaller batch needs a higher temperature."""


def temperature_for(base_temperature, base_batch_size, batch_size):
    return base_temperature * (batch_size / base_batch_size) ** 0.25
