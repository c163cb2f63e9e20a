"""`python -m prescribers`: the same program as the command `prescribers`."""

from prescribers.main import main

if __name__ == "__main__":
    main()
