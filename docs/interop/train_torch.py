"""Trains the network "pointer" with PyTorch on what "pipeline export --format torch" wrote.

    pipeline export --format torch -o batches
    python3 batches/train_torch.py train batches --output weights.safetensors
    torchrun --nproc_per_node=4 batches/train_torch.py train batches --output weights.safetensors
    pipeline predict --model batches --weights weights.safetensors --input questions.doc_query

It takes a GPU where PyTorch finds one, with torchrun one a process (NCCL), otherwise
processors (Gloo). The epochs, the questions of a step, Adam's step size and the seed are those
of training.json unless options name others. Order of questions and first weights are drawn by
PyTorch, so the weights are not those that "pipeline train" finds, but the network and its loss
are the same. The weights that were best on the validation questions are kept. A step's gradient
is that of the mean over its questions, whatever the number of processes.

    python3 train_torch.py score batches --weights weights.safetensors --output scores.safetensors

writes the scores and probabilities of the validation questions: of all words of a passage, those
left of the blank before those right of it, then the next passage's. An empty side has one
position.

Needs PyTorch 1.13 or newer and NumPy, nothing else: safetensors, the format of all files here,
is read and written below.
"""

import argparse
import json
import math
import os
import struct
import sys

import numpy as np
import torch
import torch.distributed as dist
from torch import nn

MASKED = -1e12


def read_tensors(path):
    """Reads a file of safetensors: {name: NumPy array} and its metadata."""
    with open(path, "rb") as f:
        length = struct.unpack("<Q", f.read(8))[0]
        header = json.loads(f.read(length))
        data = f.read()
    types = {"F32": "<f4", "I32": "<i4"}
    tensors = {}
    metadata = header.pop("__metadata__", {})
    for name, t in header.items():
        begin, end = t["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], types[t["dtype"]]).reshape(t["shape"])
    return tensors, metadata


def write_tensors(path, tensors):
    """Writes arrays of single precision, whole or not at all."""
    header, parts, at = {}, [], 0
    for name in sorted(tensors):
        data = np.ascontiguousarray(tensors[name], "<f4")
        header[name] = {"dtype": "F32", "shape": list(data.shape), "data_offsets": [at, at + data.nbytes]}
        parts.append(data.tobytes())
        at += data.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".tmp", "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + b"".join(parts))
        f.flush()
        os.fsync(f.fileno())
    os.replace(path + ".tmp", path)


def read_vectors(path):
    """Reads word2vec's binary form: [V, d], row 0 zero for the unknown word."""
    with open(path, "rb") as f:
        words, size = map(int, f.readline().split())
        vectors = np.zeros((words + 1, size), "<f4")
        for i in range(words):
            while (byte := f.read(1)) != b" ":  # the word; vocab.tsv has it too
                if not byte:
                    raise SystemExit(f"{path}: found {i} vectors, expected {words}; the file is cut off")
            row = f.read(4 * size)
            if len(row) < 4 * size:
                raise SystemExit(f"{path}: found {i} vectors, expected {words}; the file is cut off")
            vectors[i + 1] = np.frombuffer(row, "<f4")
            f.read(1)  # the line's end
    return vectors


class Questions:
    """The questions of train.safetensors or valid.safetensors."""

    def __init__(self, path):
        tensors, metadata = read_tensors(path)
        self.vocabulary = int(metadata["vocabulary"])
        self.words = tensors["words"].astype(np.int64)
        self.lengths, self.answers = tensors["lengths"], tensors["answers"]
        self.ends = np.cumsum(self.lengths.reshape(-1))

    def __len__(self):
        return len(self.answers)

    def contexts(self, i):
        """The ids left and right of the blank; an empty context is the single id 0."""
        ends = self.ends
        for k in (2 * i, 2 * i + 1):
            ids = self.words[ends[k] - self.lengths.flat[k] : ends[k]]
            yield ids if len(ids) else np.zeros(1, np.int64)

    def batch(self, numbers, device):
        """Both contexts of all questions as one batch of 2B: ids, lengths and targets."""
        sides = list(zip(*(self.contexts(i) for i in numbers)))
        rows = list(sides[0]) + list(sides[1])
        lengths = np.array([len(r) for r in rows])
        ids = np.zeros((len(rows), lengths.max()), np.int64)
        for row, of in zip(ids, rows):
            row[: len(of)] = of
        answers = np.concatenate([self.answers[numbers]] * 2)[:, None]
        places = ((ids == answers) & (answers != 0)).astype(np.float32)
        b = len(numbers)
        occurrences = places[:b].sum(1) + places[b:].sum(1)
        target = places / np.maximum(1, np.concatenate([occurrences] * 2))[:, None]
        known = np.where(ids < self.vocabulary, ids, 0)
        to = lambda a: torch.from_numpy(a).to(device)
        return to(known), to(lengths), to(target), ids


class Pointer(nn.Module):
    """Stacked bidirectional LSTM over both contexts; the mean of their final states points at
    the words. Its parameters have the names and shapes of the program's weights."""

    def __init__(self, vectors, units, layers):
        super().__init__()
        self.register_buffer("vectors", vectors, persistent=False)
        self.units, size = units, vectors.shape[1]
        self.unk = nn.Parameter(torch.empty(1, size).uniform_(-0.05, 0.05))
        self.lstm = nn.ModuleList(
            nn.LSTM(size if k < 2 else 2 * units, units, batch_first=True) for k in range(2 * layers)
        )
        for part in self.lstm:
            size = part.weight_ih_l0.shape[1]
            limit = math.sqrt(6 / (size + units + 4 * units))
            for matrix in (part.weight_ih_l0, part.weight_hh_l0):
                nn.init.uniform_(matrix, -limit, limit)
            nn.init.zeros_(part.bias_ih_l0)
            nn.init.zeros_(part.bias_hh_l0)
            part.bias_ih_l0.data[units : 2 * units] = 1  # forget gates
            # The program has one bias: Adam would move two that add up twice as far.
            part.bias_hh_l0.requires_grad_(False)

    def forward(self, ids, lengths):
        """ids [2B, T] and lengths [2B], left contexts first, to scores [2B, T]."""
        x = nn.functional.embedding(ids, self.vectors)
        x = torch.where(ids[..., None] == 0, self.unk[0], x)
        time = torch.arange(ids.shape[1], device=ids.device)
        real = time < lengths[:, None]
        # Turns the real words of a context round and leaves its padding behind them.
        back = torch.where(real, lengths[:, None] - 1 - time, time)[..., None]
        for k in range(0, len(self.lstm), 2):
            forward = self.lstm[k](x)[0]
            turned = self.lstm[k + 1](x.gather(1, back.expand_as(x)))[0]
            backward = turned.gather(1, back.expand_as(turned))
            x = torch.cat([forward, backward], 2)
        last = (lengths - 1)[:, None, None].expand(-1, 1, self.units)
        final = torch.cat([forward.gather(1, last)[:, 0], backward[:, 0]], 1)
        query = (final[: len(ids) // 2] + final[len(ids) // 2 :]) / 2
        scores = (x * torch.cat([query, query])[:, None]).sum(2)
        return scores.masked_fill(~real, MASKED)


def join(scores):
    """[2B, T] to [B, 2T]."""
    half = len(scores) // 2
    return torch.cat([scores[:half], scores[half:]], 1)


def loss_of(scores, target):
    """Sum over the questions of the cross entropy with multi-hot targets, in double precision.
    A question without its answer adds nothing."""
    logarithms = torch.log_softmax(join(scores).double(), 1)
    target = join(target).double()
    return -torch.where(target > 0, target * logarithms, torch.zeros_like(target)).sum()


def batches(order, size):
    return [order[i : i + size] for i in range(0, len(order), size)]


@torch.no_grad()
def accuracy(network, questions, device):
    """Share of the questions whose most probable word is the answer."""
    correct = 0
    for numbers in batches(np.arange(len(questions)), 160):
        known, lengths, _, ids = questions.batch(numbers, device)
        probabilities = torch.softmax(join(network(known, lengths)).double(), 1).cpu().numpy()
        half = len(numbers)
        ids = np.concatenate([ids[:half], ids[half:]], 1)
        for i, number in enumerate(numbers):
            sums = {}
            for word, p in zip(ids[i], probabilities[i]):
                if word:
                    sums[word] = sums.get(word, 0) + p
            correct += max(sums, key=sums.get) == questions.answers[number]
    return correct / len(questions)


def weights_of(network):
    return {name: p.detach().cpu().numpy().copy() for name, p in network.named_parameters()}


def load(network, path):
    """Sets the network's parameters; word vectors that are in the file too must be its own."""
    tensors, _ = read_tensors(path)
    vectors = tensors.pop("vectors", None)
    if vectors is not None and not np.array_equal(vectors[1:], network.vectors[1:].cpu().numpy()):
        sys.exit(f"{path}: the weights were trained over other word vectors")
    network.load_state_dict({name: torch.from_numpy(t.copy()) for name, t in tensors.items()})


def network_of(folder):
    with open(os.path.join(folder, "model.json")) as f:
        card = json.load(f)
    if card["network"] != "pointer":
        sys.exit(f"{folder}: holds the network {card['network']}, this script trains pointer")
    vectors = read_vectors(os.path.join(folder, "vectors.bin"))
    return Pointer(torch.from_numpy(vectors), card["units"], card["layers"])


def start():
    """Joins the processes of torchrun, if it has started this one: rank, how many, device."""
    cuda = torch.cuda.is_available()
    rank, world = 0, int(os.environ.get("WORLD_SIZE", "1"))
    device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0"))) if cuda else torch.device("cpu")
    if cuda:
        torch.cuda.set_device(device)
    if world > 1:
        dist.init_process_group("nccl" if cuda else "gloo")
        rank = dist.get_rank()
    return rank, world, device


def train(o):
    rank, world, device = start()
    with open(os.path.join(o.folder, "training.json")) as f:
        defaults = json.load(f)
    for name in ("epochs", "batch", "learning_rate", "seed", "validate_every", "max_steps"):
        if getattr(o, name) is None:
            setattr(o, name, defaults[name])
    if o.epochs < 1 or o.batch < 1:
        sys.exit("epochs and batch must be at least 1")
    torch.manual_seed(o.seed)
    network = network_of(o.folder).to(device)
    if o.start:
        load(network, o.start)
    questions = Questions(os.path.join(o.folder, "train.safetensors"))
    path = os.path.join(o.folder, "valid.safetensors")
    valid = Questions(path) if os.path.exists(path) else None
    wrapped = nn.parallel.DistributedDataParallel(network) if world > 1 else network
    adam = torch.optim.Adam([p for p in network.parameters() if p.requires_grad], lr=o.learning_rate)
    order = np.random.default_rng(o.seed)
    best, kept, step, sums = -1.0, None, 0, []
    per_epoch = math.ceil(len(questions) / o.batch)
    steps = per_epoch * o.epochs
    if o.max_steps:
        steps = min(steps, o.max_steps)
    while step < steps:
        for numbers in batches(order.permutation(len(questions)), o.batch):
            own = numbers[rank::world]
            weight = 1.0 if len(own) else 0.0  # a process must take part in each step
            known, lengths, target, _ = questions.batch(own if len(own) else numbers[:1], device)
            loss = weight * loss_of(wrapped(known, lengths), target) / len(numbers)
            adam.zero_grad(set_to_none=True)
            (loss * world).backward()  # the processes' gradients are averaged
            adam.step()
            loss = loss.detach()
            if world > 1:
                dist.all_reduce(loss)
            if not math.isfinite(loss.item()):
                sys.exit(f"step {step + 1}: the loss is {loss.item()}; try a smaller --learning-rate")
            sums.append(loss.item())
            step += 1
            due = step == steps or (step % o.validate_every if o.validate_every else step % per_epoch) == 0
            if due and rank == 0:
                share = accuracy(network, valid, device) if valid else None
                if share is None or share > best:
                    best, kept = share if valid else best, weights_of(network)
                print(json.dumps({"step": step, "loss": sum(sums) / len(sums), "accuracy": share}), flush=True)
                sums = []
            if step == steps:
                break
    if rank == 0:
        write_tensors(o.output, kept)
    if world > 1:
        dist.barrier()
        dist.destroy_process_group()


@torch.no_grad()
def score(o):
    _, _, device = start()
    network = network_of(o.folder).to(device)
    load(network, o.weights)
    questions = Questions(os.path.join(o.folder, "valid.safetensors"))
    all_scores, all_probabilities = [], []
    for numbers in batches(np.arange(len(questions)), 160):
        known, lengths, _, _ = questions.batch(numbers, device)
        scores = join(network(known, lengths)).double()
        probabilities = torch.softmax(scores, 1)
        half, width = len(numbers), known.shape[1]
        for i in range(half):
            for values, into in ((scores, all_scores), (probabilities, all_probabilities)):
                into.append(values[i, : lengths[i]].cpu().numpy())
                into.append(values[i, width : width + lengths[half + i]].cpu().numpy())
    write_tensors(o.output, {"scores": np.concatenate(all_scores), "probabilities": np.concatenate(all_probabilities)})


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    t = commands.add_parser("train", help="train and write the weights")
    t.add_argument("--start", help="weights to go on from, without Adam's state")
    t.add_argument("--epochs", type=int)
    t.add_argument("--batch", type=int, help="questions of a step, of all processes together")
    t.add_argument("--learning-rate", type=float)
    t.add_argument("--seed", type=int)
    t.add_argument("--validate-every", type=int, help="steps; 0: after each epoch")
    t.add_argument("--max-steps", type=int, help="0: no bound")
    s = commands.add_parser("score", help="score the validation questions")
    s.add_argument("--weights", required=True)
    for command in (t, s):
        command.add_argument("folder", help='what "pipeline export --format torch" wrote')
        command.add_argument("--output", required=True, help="file of safetensors")
    o = parser.parse_args()
    {"train": train, "score": score}[o.command](o)


if __name__ == "__main__":
    main()
