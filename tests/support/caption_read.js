// Prints the captions that mux.js, a foreign decoder of 608 and 708, reads in a transport stream on
// standard input: a line of JSON for each, with its channel, its two stamps and its text.
const fs = require("fs");
const { mp2t, codecs } = require("mux.js");
const captions = new mp2t.CaptionStream({ parse708captions: true });
const text = (c) => c.text ?? c.content.map((row) => row.text).join("\n");
captions.on("data", (c) => console.log(JSON.stringify([c.stream, c.startPts, c.endPts, text(c)])));
const packets = new mp2t.TransportPacketStream();
packets
  .pipe(new mp2t.TransportParseStream())
  .pipe(new mp2t.ElementaryStream())
  .pipe(new codecs.h264.H264Stream())
  .pipe(captions);
packets.push(new Uint8Array(fs.readFileSync(0)));
packets.flush();
