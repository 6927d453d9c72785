/* Prints what libdvbpsi reads of a transport stream given on standard input: the tables of ATSC and
   the map of the program, one line for each fact, each once. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <dvbpsi/dvbpsi.h>
#include <dvbpsi/descriptor.h>
#include <dvbpsi/psi.h>
#include <dvbpsi/demux.h>
#include <dvbpsi/pmt.h>
#include <dvbpsi/atsc_mgt.h>
#include <dvbpsi/atsc_stt.h>
#include <dvbpsi/atsc_vct.h>
#include <dvbpsi/dr_05.h>
#include <dvbpsi/dr_0a.h>
#include <dvbpsi/dr_81.h>
#include <dvbpsi/dr_86.h>
#include <dvbpsi/dr_a1.h>

static void told(dvbpsi_t *handle, const dvbpsi_msg_level_t level, const char *text) {
    (void)handle;
    (void)level;
    printf("complaint %s\n", text);
}

static void descriptors(dvbpsi_descriptor_t *one) {
    for (; one != NULL; one = one->p_next) {
        dvbpsi_service_location_dr_t *place;
        dvbpsi_caption_service_dr_t *captions;
        dvbpsi_ac3_audio_dr_t *sound;
        switch (one->i_tag) {
        case 0xA1:
            place = dvbpsi_DecodeServiceLocationDr(one);
            printf("location clock=%d", place->i_pcr_pid);
            for (int n = 0; n < place->i_number_elements; n++)
                printf(" %02x@%d/%.3s", place->elements[n].i_stream_type,
                       place->elements[n].i_elementary_pid,
                       place->elements[n].i_iso_639_code[0] ? place->elements[n].i_iso_639_code : "-");
            printf("\n");
            break;
        case 0x86:
            captions = dvbpsi_DecodeCaptionServiceDr(one);
            printf("captions");
            for (int n = 0; n < captions->i_number_of_services; n++)
                printf(" %.3s/%s%d", captions->services[n].i_iso_639_code,
                       captions->services[n].b_digital_cc ? "service" : "field",
                       captions->services[n].b_digital_cc
                           ? captions->services[n].i_caption_service_number
                           : captions->services[n].b_line21_field);
            printf("\n");
            break;
        case 0x81:
            sound = dvbpsi_DecodeAc3AudioDr(one);
            printf("ac3 rate=%d bsid=%d bits=%d channels=%d full=%d language=%.3s\n",
                   sound->i_sample_rate_code, sound->i_bsid, sound->i_bit_rate_code,
                   sound->i_num_channels, !!sound->b_full_svc, (char *)sound->language);
            break;
        default:
            printf("descriptor %02x\n", one->i_tag);
        }
    }
}

static void on_vct(void *data, dvbpsi_atsc_vct_t *table) {
    (void)data;
    printf("vct id=%02x stream=%d version=%d protocol=%d cable=%d\n", table->i_table_id,
           table->i_extension, table->i_version, table->i_protocol, table->b_cable_vct);
    for (dvbpsi_atsc_vct_channel_t *one = table->p_first_channel; one; one = one->p_next) {
        printf("channel %d.%d name=", one->i_major_number, one->i_minor_number);
        for (int n = 0; n < 14; n++)
            printf("%02x", one->i_short_name[n]);
        printf(" modulation=%d stream=%d program=%d hidden=%d locked=%d type=%d source=%d\n",
               one->i_modulation, one->i_channel_tsid, one->i_program_number, one->b_hidden,
               one->b_access_controlled, one->i_service_type, one->i_source_id);
        descriptors(one->p_first_descriptor);
    }
    dvbpsi_atsc_DeleteVCT(table);
}

static void on_mgt(void *data, dvbpsi_atsc_mgt_t *table) {
    (void)data;
    for (dvbpsi_atsc_mgt_table_t *one = table->p_first_table; one; one = one->p_next)
        printf("mgt type=%d pid=%d version=%d bytes=%u\n", one->i_table_type, one->i_table_type_pid,
               one->i_table_type_version, one->i_number_bytes);
    dvbpsi_atsc_DeleteMGT(table);
}

static void on_stt(void *data, dvbpsi_atsc_stt_t *table) {
    (void)data;
    printf("stt gps=%u ahead=%d saving=%04x\n", table->i_system_time, table->i_gps_utc_offset,
           table->i_daylight_savings);
    dvbpsi_atsc_DeleteSTT(table);
}

static void on_pmt(void *data, dvbpsi_pmt_t *table) {
    (void)data;
    printf("pmt program=%d version=%d clock=%d\n", table->i_program_number, table->i_version,
           table->i_pcr_pid);
    for (dvbpsi_pmt_es_t *one = table->p_first_es; one; one = one->p_next) {
        printf("track %02x@%d\n", one->i_type, one->i_pid);
        descriptors(one->p_first_descriptor);
    }
    dvbpsi_pmt_delete(table);
}

static void on_table(dvbpsi_t *handle, uint8_t id, uint16_t extension, void *data) {
    if (id == 0xC7)
        dvbpsi_atsc_AttachMGT(handle, id, extension, on_mgt, data);
    else if (id == 0xC8)
        dvbpsi_atsc_AttachVCT(handle, id, extension, on_vct, data);
    else if (id == 0xCD)
        dvbpsi_atsc_AttachSTT(handle, id, extension, on_stt, data);
    else
        printf("table %02x\n", id);
}

int main(void) {
    uint8_t packet[188];
    dvbpsi_t *atsc = dvbpsi_new(told, DVBPSI_MSG_WARN), *map = dvbpsi_new(told, DVBPSI_MSG_WARN);
    if (atsc == NULL || map == NULL || !dvbpsi_AttachDemux(atsc, on_table, NULL) ||
        !dvbpsi_pmt_attach(map, 1, on_pmt, NULL))
        return 1;
    while (fread(packet, sizeof packet, 1, stdin) == 1) {
        int pid = (packet[1] & 0x1F) << 8 | packet[2];
        if (pid == 0x1FFB)
            dvbpsi_packet_push(atsc, packet);
        else if (pid == 4096)
            dvbpsi_packet_push(map, packet);
    }
    return 0;
}
