"""`python -m gpbot …`."""

from gpbot.cli import main

if __name__ == "__main__":
    main()
