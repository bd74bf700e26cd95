// Scores examples with the network of an ONNX file, by onnxruntime in Node.js.
//
//   npm install onnxruntime-node
//   node score_onnx.js model.onnx valid.safetensors scores.safetensors [BATCH]
//
// valid.safetensors is what "pipeline export --format torch" writes. The result
// holds "scores" and "probabilities", F32: those of all positions of an example, left
// before right, then the next example's. An empty context has one position.
"use strict";
const fs = require("fs");
const ort = require("onnxruntime-node");

function readTensors(path) {
  const data = fs.readFileSync(path);
  const length = Number(data.readBigUInt64LE(0));
  const header = JSON.parse(data.toString("utf8", 8, 8 + length));
  const tensors = { metadata: header.__metadata__ || {} };
  for (const [name, t] of Object.entries(header)) {
    if (name === "__metadata__") continue;
    const bytes = data.subarray(8 + length + t.data_offsets[0], 8 + length + t.data_offsets[1]);
    const kind = { I32: Int32Array, F32: Float32Array }[t.dtype];
    if (!kind) throw new Error(`${path}: ${name} is of type ${t.dtype}, expected I32 or F32`);
    tensors[name] = new kind(new Uint8Array(bytes).buffer);
  }
  return tensors;
}

function writeTensors(path, tensors) {
  const header = {};
  let at = 0;
  for (const [name, data] of Object.entries(tensors)) {
    header[name] = { dtype: "F32", shape: [data.length], data_offsets: [at, at + data.byteLength] };
    at += data.byteLength;
  }
  let text = JSON.stringify(header);
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const parts = Object.values(tensors).map((data) => Buffer.from(data.buffer));
  fs.writeFileSync(path, Buffer.concat([length, Buffer.from(text), ...parts]));
}

// context pads one side of the examples to their longest.
function context(examples, side) {
  const lengths = examples.map((e) => Math.max(1, e[side].length));
  const width = Math.max(...lengths);
  const ids = new Int32Array(examples.length * width);
  examples.forEach((e, i) => ids.set(e[side], i * width));
  return { ids, lengths, width };
}

async function main() {
  const [model, input, output, batch] = process.argv.slice(2);
  const session = await ort.InferenceSession.create(model);
  const { words, lengths, metadata } = readTensors(input);
  const vocabulary = Number(metadata.vocabulary);
  const examples = [];
  for (let i = 0, at = 0; i < lengths.length; i += 2) {
    const take = (n) => words.slice(at, (at += n)).map((id) => (id < vocabulary ? id : 0));
    examples.push({ left: take(lengths[i]), right: take(lengths[i + 1]) });
  }
  const all = { scores: [], probabilities: [] };
  const size = Number(batch || 100);
  for (let from = 0; from < examples.length; from += size) {
    const part = examples.slice(from, from + size);
    const left = context(part, "left");
    const right = context(part, "right");
    const tensor = (data, dims) => new ort.Tensor("int32", Int32Array.from(data), dims);
    const result = await session.run({
      left: tensor(left.ids, [part.length, left.width]),
      right: tensor(right.ids, [part.length, right.width]),
      left_lengths: tensor(left.lengths, [part.length]),
      right_lengths: tensor(right.lengths, [part.length]),
    });
    const width = left.width + right.width;
    for (const name of Object.keys(all)) {
      part.forEach((_, i) => {
        const row = result[name].data.subarray(i * width, (i + 1) * width);
        all[name].push(...row.subarray(0, left.lengths[i]));
        all[name].push(...row.subarray(left.width, left.width + right.lengths[i]));
      });
    }
  }
  writeTensors(output, { scores: Float32Array.from(all.scores), probabilities: Float32Array.from(all.probabilities) });
}

main().catch((error) => {
  console.error(error.message);
  process.exit(1);
});
