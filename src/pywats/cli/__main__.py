"""Run the command line: ``python -m pywats.cli``."""

from pywats.cli import main

if __name__ == "__main__":
    main()
