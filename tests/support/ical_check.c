/* Reads a calendar and prints libical's judgement: restrictions met, errors, events. */
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(void)
{
    size_t size = 0, room = 1 << 16;
    char *text = malloc(room);
    size_t got;
    while ((got = fread(text + size, 1, room - size - 1, stdin)) > 0) {
        size += got;
        if (room - size < 2)
            text = realloc(text, room *= 2);
    }
    text[size] = 0;
    icalcomponent *calendar = icalparser_parse_string(text);
    if (calendar == NULL) {
        printf("ok=0 errors=1 events=0\n");
        return 0;
    }
    int ok = icalrestriction_check(calendar);
    int errors = icalcomponent_count_errors(calendar);
    int events = icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT);
    printf("ok=%d errors=%d events=%d\n", ok, errors, events);
    return 0;
}
