"""What every stage shares: device, randomness that depends on (seed, step) alone, rates, and state files."""

import math
import signal
import time
from functools import lru_cache

import numpy as np
import torch


def device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def fast_bf16(dev):
    """Whether bf16 pays: on CUDA, and on CPUs with matrix units (AMX); elsewhere it is slower than fp32."""
    return dev.type == "cuda" or torch.cpu._is_amx_tile_supported()


def precision(dev):
    """Mixed bf16 where that is fast, plain fp32 elsewhere."""
    return torch.autocast(dev.type, torch.bfloat16, enabled=fast_bf16(dev))


def prepare(seed):
    torch.manual_seed(seed)
    torch.set_flush_denormal(True)
    torch.set_float32_matmul_precision("high")
    return device()


class StopRequest:
    """Within it, SIGTERM and Ctrl-C only set .asked, so that a run can save its state; then it ends."""

    def __enter__(self):
        self.asked = False
        self.before = {s: signal.signal(s, self._ask) for s in (signal.SIGTERM, signal.SIGINT)}
        return self

    def _ask(self, *_):
        self.asked = True

    def __exit__(self, *_):
        for s, handler in self.before.items():
            signal.signal(s, handler)
        if self.asked:
            raise SystemExit("stopped; the same command goes on from here")


class Dice:
    """The randomness of one step, settled by (seed, step): a resumed run rolls what an unbroken one would."""

    def __init__(self, seed, step, dev=None):
        self.torch = torch.Generator().manual_seed(seed * 1_000_003 + step)
        self.numpy = np.random.default_rng([seed, step])
        self.dev = torch.device(dev or "cpu")
        # Of another seed than the first, whose numbers it would repeat on a CPU: noise must not know the timestep.
        self.large = torch.Generator(self.dev).manual_seed((seed * 1_000_003 + step) ^ 0x5EED_0000)

    def normal(self, shape):
        """Noise, rolled on the device it is for: a large GPU would wait for a processor's dice."""
        return torch.randn(shape, generator=self.large, device=self.dev)


@lru_cache(maxsize=2)
def _shuffled(seed, epoch, count):
    return np.random.default_rng([seed, 7, epoch]).permutation(count)


def batch_of(seed, step, batch, count):
    """Indices of a step's batch: every epoch is a fresh shuffle of range(count)."""
    per_epoch = max(1, count // batch)
    epoch, at = divmod(step, per_epoch)
    return np.sort(_shuffled(seed, epoch, count)[at * batch : (at + 1) * batch])


def rate(step, steps, warm=80, tail=0.2):
    """Learning-rate factor: warm-up, constant, cosine over the last part."""
    done = step / max(1, steps)
    fall = 1.0 if done < 1 - tail else 0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * (done - 1 + tail) / tail))
    return min(1.0, (step + 1) / warm) * fall


class Report:
    """The losses of a run, as means over every so many steps: printed as they come, and kept in .log."""

    def __init__(self, name, steps, every):
        self.name, self.steps, self.every = name, steps, every
        self.log, self._recent, self._began = [], [], time.time()

    def __call__(self, step, loss):
        """The loss of the step that makes it step of steps: a number, or a tensor that is not waited for."""
        self._recent.append(loss)
        if step % self.every == 0 or step == self.steps:
            self.log.append(float(torch.stack([torch.as_tensor(v) for v in self._recent]).mean()))
            self._recent = []
            seconds = time.time() - self._began
            print(f"{self.name} {step}/{self.steps} loss {self.log[-1]:.4f} {seconds:.0f} s", flush=True)


def save_state(path, **state):
    """Write a state file in one piece: readers and crashes see the old or the new one, never half."""
    part = path.with_suffix(".part")
    torch.save(state, part)
    part.replace(path)


def load_state(path):
    return torch.load(path, map_location="cpu", weights_only=False)


def pictures(array, dev):
    """uint8 (n, h, w, 3) -> float (n, 3, h, w) in -1..1."""
    x = torch.from_numpy(np.ascontiguousarray(array)).to(dev).permute(0, 3, 1, 2)
    return x.float().div_(127.5).sub_(1).contiguous(memory_format=torch.channels_last)
