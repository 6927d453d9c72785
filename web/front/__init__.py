"""The HTTP front of the pages: it reads whole requests within deadlines and queues them by lane.

A lane is a pool of threads for one kind of caller. A slow caller holds a socket and never a thread,
and visitors never wait in the queue of operators or broadcast machines.
"""
