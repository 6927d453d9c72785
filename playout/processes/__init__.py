"""The supervisor of a channel and its child processes, where host and engine meet."""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Before any module below loads numpy: the threads it would start keep the supervisor from forking
# its children, and each would then load an interpreter of its own.
