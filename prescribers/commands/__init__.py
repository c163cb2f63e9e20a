"""The commands, a module each, named as they are typed; each holds a `command`."""
