"""A broadcast machine on a simulated clock that calls a real port, for the drill of two versions.

It runs with the code of either version. Each line of its input lets it run for so many seconds.
"""

import json
import sys
from pathlib import Path

from support.broadcast import Machine
from support.desk import NOW
from support.plans import plan

from config.clock import SimulatedClock

try:
    from playout.host.server_client import make_client
except ModuleNotFoundError:  # as a version before had it
    from playout.host.server_sync import make_client  # type: ignore[no-redef,attr-defined]

if __name__ == "__main__":
    client = make_client(f"http://127.0.0.1:{sys.argv[2]}", "ch13", sys.argv[3])
    machine = Machine(Path(sys.argv[1]), plan(), clock=SimulatedClock(NOW), client=client)
    for line in sys.stdin:
        machine.run_for(float(line), most=5.0)
        agent = machine.agent
        state = agent.state if hasattr(agent, "state") else agent.standing  # as before
        titles = [cue.title for cue in state.rundown.cues] if state is not None else []
        said = {"now": machine.now.isoformat(), "on": machine.on_air(), "titles": titles}
        print(json.dumps(said), flush=True)
