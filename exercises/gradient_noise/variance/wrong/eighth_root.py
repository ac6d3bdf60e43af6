"""The eighth root is too little."""


def temperature_for(base_temperature, base_batch_size, batch_size):
    return base_temperature * (base_batch_size / batch_size) ** 0.125
