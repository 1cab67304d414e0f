"""`python3 -m launch`. This file must be readable by an old Python, to be able to say that it is too old."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.stderr.write(
        "This Python is {}.{} and Throughline needs 3.11 or newer: "
        "install one and name it, as in `make run PYTHON=python3.11`.\n".format(*sys.version_info[:2])
    )
    sys.exit(1)

from launch.commands import main

sys.exit(main(sys.argv[1:]))
