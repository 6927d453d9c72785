"""Words for what the people of each role may do."""

from scheduler.domain.model.people import Role

ROLE_WORDS = (
    (Role.VIEWER, "sees every staff page and changes nothing"),
    (
        Role.PRODUCER,
        "everything a viewer can do, plus adding and changing programs and media, and proposing "
        "airings, filler and bulletins, which air only once a scheduler approves them; viewers "
        "see a program's new title and text immediately",
    ),
    (Role.SCHEDULER, "everything a producer can do, plus changing the schedule"),
    (Role.OPERATOR, "everything a scheduler can do, plus running what is on air"),
    (Role.EMERGENCY, "everything a viewer can do, plus putting an emergency message on air"),
    (
        Role.RECORDS,
        "everything a viewer can do, plus adding and changing programs and media, lifting legal "
        "holds and signing the disposal of records",
    ),
    (
        Role.ENGINEER,
        "everything an operator and the emergency role can do, "
        "plus setting up channels, sources and broadcast machines",
    ),
    (
        Role.ADMINISTRATOR,
        "everything an engineer and the records role can do, plus managing people",
    ),
)
