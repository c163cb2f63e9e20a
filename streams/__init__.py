"""Kafka in and out: the three Faust apps, their offsets and checkpoints, topics, feeds, dead letters."""
