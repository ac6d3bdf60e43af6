"""The square root is too much: the variance has T to the fourth."""


def temperature_for(base_temperature, base_batch_size, batch_size):
    return base_temperature * (base_batch_size / batch_size) ** 0.5
