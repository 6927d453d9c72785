"""A fake RTSP camera: H.264 and AAC over RTP, with parameter sets only in its description."""

import base64
import re
import socket
import threading
from pathlib import Path
from typing import Any

import av


def session_description(video: Any, audio: Any) -> str:
    """Return the SDP of an MP4's two tracks."""
    sets = ",".join(base64.b64encode(one).decode() for one in parameter_sets(video))
    config = bytes(audio.codec_context.extradata or b"").hex()
    rate, channels = audio.rate, audio.channels
    return "\r\n".join(
        (
            "v=0", "o=- 0 0 IN IP4 127.0.0.1", "s=Camera", "t=0 0",
            "m=video 0 RTP/AVP 96", "a=rtpmap:96 H264/90000",
            f"a=fmtp:96 packetization-mode=1;sprop-parameter-sets={sets}", "a=control:0",
            "m=audio 0 RTP/AVP 97", f"a=rtpmap:97 MPEG4-GENERIC/{rate}/{channels}",
            "a=fmtp:97 profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;"
            f"indexdeltalength=3;config={config}", "a=control:1", "",
        )
    )  # fmt: skip


def parameter_sets(video: Any) -> list[bytes]:
    """Return the sequence and picture parameter sets from an MP4's `avcC` box."""
    told = bytes(video.codec_context.extradata)
    first = int.from_bytes(told[6:8], "big")
    at = 8 + first + 1
    second = int.from_bytes(told[at : at + 2], "big")
    return [told[8 : 8 + first], told[at + 2 : at + 2 + second]]


class Camera:
    """An RTSP server that sends one clip over UDP to one client, at the pace of `mux` calls."""

    def __init__(self, clip: Path, host: str, port: int) -> None:
        self._clip = av.open(str(clip))
        self._tracks = (self._clip.streams.video[0], self._clip.streams.audio[0])
        self._ways: dict[int, tuple[Any, Any]] = {}
        self._playing = False
        self._door = socket.create_server((host, port))
        threading.Thread(target=self._welcome, daemon=True).start()

    def mux(self, packet: Any) -> None:
        """Send a packet of the clip; do nothing until a client plays."""
        if not self._playing:
            return
        out, stream = self._ways[0 if packet.stream.type == "video" else 1]
        packet.stream = stream
        out.mux(packet)

    def _welcome(self) -> None:
        while True:
            guest, _ = self._door.accept()
            threading.Thread(target=self._talk, args=(guest,), daemon=True).start()

    def _talk(self, guest: socket.socket) -> None:
        text = b""
        while block := guest.recv(4096):
            text += block
            while b"\r\n\r\n" in text:
                head, _, text = text.partition(b"\r\n\r\n")
                guest.sendall(self._answer(head.decode()))

    def _answer(self, request: str) -> bytes:
        verb, place, *_ = request.split()
        number = re.search(r"CSeq: *(\d+)", request, re.I)
        said = f"RTSP/1.0 200 OK\r\nCSeq: {number[1] if number else 0}\r\nSession: 7\r\n"
        body = ""
        if verb == "DESCRIBE":
            body = session_description(*self._tracks)
            said += f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n"
        elif verb == "SETUP":
            ports = re.search(r"client_port=(\d+)-(\d+)", request)
            assert ports is not None
            self._open(int(place[-1]), int(ports[1]))
            said += f"Transport: RTP/AVP/UDP;unicast;{ports[0]}\r\n"
        elif verb == "PLAY":
            self._playing = True
        return f"{said}\r\n{body}".encode()

    def _open(self, track: int, port: int) -> None:
        out: Any = av.open(f"rtp://127.0.0.1:{port}", "w", format="rtp")
        stream = out.add_stream_from_template(self._tracks[track])
        out.start_encoding()
        self._ways[track] = (out, stream)
