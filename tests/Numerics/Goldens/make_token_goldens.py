#!/usr/bin/env python3
"""Computes tokens.json beside it; see make_goldens.py."""
import torch
from torch import nn
from torchvision.models.swin_transformer import ShiftedWindowAttention, shifted_window_attention

from make_goldens import make_operators

FEATURES, SEQUENCE, TOKENS, IMAGE, VOLUME = (21,), (6, 11), (24, 18), (19, 5, 7), (6, 3, 4, 5)
MANY, THOUSAND, WINDOWED, SQUARES = (4, 61), (1, 970), (6, 6, 9), (3, 20, 20)


class Tensor(nn.Module):
    """A tensor of the module's own, for each sample."""

    def __init__(self, shape, name="param1"):
        super().__init__()
        self.name = name
        if name.startswith("param"):
            setattr(self, name, nn.Parameter(torch.zeros(shape)))
        else:
            self.register_buffer(name, torch.zeros(shape))

    def forward(self, x):
        own = getattr(self, self.name)
        return own.expand(x.shape[0], *own.shape[-(x.dim() - 1):])


class Function(nn.Module):
    def __init__(self, function, **modules):
        super().__init__()
        for name, module in modules.items():
            setattr(self, name, module)
        self.function = function

    def forward(self, x):
        return self.function(self, x)


class Attention(nn.Module):
    """Of tokens whose features come first. The module is a member, so that keys have its parameters' names."""

    def __init__(self, features, heads, bias=True, causal=False):
        super().__init__()
        self.causal = causal
        self.own = nn.MultiheadAttention(features, heads, bias=bias, batch_first=True)

    def forward(self, x):
        x = x.transpose(1, 2)
        mask = torch.full((x.shape[1], x.shape[1]), -torch.inf, dtype=x.dtype).triu(1) if self.causal else None
        return self.own(x, x, x, need_weights=False, attn_mask=mask)[0].transpose(1, 2)


def products(q, k, v, heads=1, causal=False, mask=None):
    """Of tokens whose features come first."""
    def split(x):
        return x.unflatten(1, (heads, -1)).transpose(2, 3)

    # The installed PyTorch may not have the function, which scales by the root of a head's features.
    q, k, v = split(q), split(k), split(v)
    scores = q @ k.transpose(2, 3) / q.shape[-1] ** 0.5
    if mask is not None:
        scores = scores + mask
    if causal:
        scores = scores + torch.full(scores.shape[-2:], -torch.inf, dtype=scores.dtype).triu(1)
    return (scores.softmax(3) @ v).transpose(2, 3).flatten(1, 2)


class Windows(nn.Module):
    """torchvision's attention of images whose channels come first. Its parameters are in the order of their use."""

    def __init__(self, features, heads, window, shift=0, bias=True):
        super().__init__()
        own = ShiftedWindowAttention(features, [window] * 2, [shift] * 2, heads, qkv_bias=bias, proj_bias=bias)
        self.qkv, self.table, self.proj = own.qkv, Table(own.relative_position_bias_table), own.proj
        self.index = own.relative_position_index
        self.heads, self.window, self.shift = heads, window, shift

    def forward(self, x):
        tokens = self.window ** 2
        bias = self.table.relative_position_bias_table[self.index].view(tokens, tokens, -1).permute(2, 0, 1).unsqueeze(0)
        y = shifted_window_attention(
            x.permute(0, 2, 3, 1), self.qkv.weight, self.proj.weight, bias, [self.window] * 2, self.heads, [self.shift] * 2,
            qkv_bias=self.qkv.bias, proj_bias=self.proj.bias)
        return y.permute(0, 3, 1, 2)


class Table(nn.Module):
    def __init__(self, table):
        super().__init__()
        self.relative_position_bias_table = table


class Recurrent(nn.Module):
    """Of sequences whose features come first."""

    def __init__(self, own):
        super().__init__()
        self.own = own

    def forward(self, x):
        return self.own(x.transpose(1, 2))[0].transpose(1, 2)


def halved(x):
    return nn.functional.avg_pool1d(x, 2)


class ChannelNorm(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


if __name__ == "__main__":
    make_operators("tokens", [
        ("Parameter, class token", Function(lambda m, x: torch.cat([m.own(x), x], 2), own=Tensor((6, 1))), SEQUENCE),
        ("Parameter, positions", Function(
            lambda m, x: m.conv1(x) + m.own(x), conv1=nn.Conv1d(6, 19, 1), own=Tensor((19, 11))), SEQUENCE),
        ("Parameter, positions of a picture", Function(
            lambda m, x: (m.conv1(x) + m.own(x)).relu(), conv1=nn.Conv2d(19, 19, 1), own=Tensor(IMAGE)), IMAGE),
        ("Parameter, features", Function(lambda m, x: x * m.own(x).tanh(), own=Tensor((1,) + FEATURES)), FEATURES),
        ("Parameter, channels", Function(lambda m, x: m.own(x) * x.tanh(), own=Tensor((19, 1, 1))), IMAGE),
        ("Parameter, volume", Function(lambda m, x: m.own(x) + x.tanh(), own=Tensor((1, 3, 4, 5))), VOLUME),
        ("Parameter, queries", Function(
            lambda m, x: torch.cat([m.conv1(m.own(x)), x], 1), own=Tensor((3, 11)), conv1=nn.Conv1d(3, 4, 1)), SEQUENCE),
        ("Attention", Attention(6, 2), SEQUENCE),
        ("Attention, one head without biases", Function(lambda m, x: m.own(x.tanh()), own=Attention(6, 1, bias=False)), SEQUENCE),
        ("Attention of a transformer", Function(
            lambda m, x: m.after(x + m.attention(m.norm(x))), norm=ChannelNorm(24, 1e-6), attention=Attention(24, 4),
            after=Function(lambda m, x: x + m.conv(m.norm(x)), norm=ChannelNorm(24, 1e-6), conv=nn.Conv1d(24, 24, 1))), TOKENS),
        ("Attention to those before", Attention(6, 3, causal=True), SEQUENCE),
        ("Dot products", Function(
            lambda m, x: products(m.conv1(x), halved(m.conv2(x)), halved(m.conv3(x)), 2),
            conv1=nn.Conv1d(6, 4, 3), conv2=nn.Conv1d(6, 4, 1), conv3=nn.Conv1d(6, 8, 1)), SEQUENCE),
        ("Dot products, causal", Function(lambda m, x: products(x, x.tanh(), m.conv(x), causal=True), conv=nn.Conv1d(6, 2, 1)), SEQUENCE),
        ("Dot products, causal with fewer keys", Function(
            lambda m, x: products(m.conv1(x), halved(m.conv2(x)), halved(x), 2, causal=True),
            conv1=nn.Conv1d(6, 4, 1), conv2=nn.Conv1d(6, 4, 1)), SEQUENCE),
        ("Dot products, causal with more keys", Function(lambda m, x: products(halved(x), x.tanh(), x, causal=True)), SEQUENCE),
        ("Dot products with a bias of each head", Function(
            lambda m, x: products(x, x.tanh(), m.conv(x), 3, mask=m.own.param1),
            conv=nn.Conv1d(6, 6, 1), own=Tensor((3, 11, 11))), SEQUENCE),
        ("Dot products with one bias for all heads", Function(
            lambda m, x: products(x, x.tanh(), x, 2, causal=True, mask=m.own.param1), own=Tensor((11, 11))), SEQUENCE),
        ("Dot products with a computed mask", Function(
            lambda m, x: products(x, x.tanh(), x, 2, mask=m.conv(x).unsqueeze(1)), conv=nn.Conv1d(6, 11, 1)), SEQUENCE),
        ("Dot products with a fixed mask", Function(
            lambda m, x: products(x, x.tanh(), x, 2, mask=m.own.buffer1), own=Tensor((1, 11, 11), "buffer1")), SEQUENCE),
        ("Dot products with a computed row as mask", Function(
            lambda m, x: products(x, x.tanh(), x, 2, mask=m.conv(x).unsqueeze(1)), conv=nn.Conv1d(6, 1, 1)), SEQUENCE),
        ("Dot products with a learned row for each head, causal", Function(
            lambda m, x: products(x, x.tanh(), m.conv(x), 3, causal=True, mask=m.own.param1),
            conv=nn.Conv1d(6, 6, 1), own=Tensor((3, 1, 11))), SEQUENCE),
        ("Dot products of many tokens with a fixed row as mask", Function(
            lambda m, x: products(x, x.tanh(), x, 2, mask=m.own.buffer1), own=Tensor((1, 1, 61), "buffer1")), MANY),
        ("Dot products of many tokens, causal with a bias", Function(
            lambda m, x: products(x, x.tanh(), m.conv(x), 2, causal=True, mask=m.own.param1),
            conv=nn.Conv1d(4, 30, 1), own=Tensor((2, 61, 61))), MANY),
        ("Dot products of many tokens with many features", Function(
            lambda m, x: products(m.conv1(x)[:, :, 9:], m.conv2(x), m.conv3(x), 2),
            conv1=nn.Conv1d(4, 60, 1), conv2=nn.Conv1d(4, 60, 1), conv3=nn.Conv1d(4, 62, 1)), MANY),
        ("Dot products of a thousand tokens", Function(lambda m, x: products(x, x.tanh(), x, causal=True)), THOUSAND),
        ("Windows", Windows(6, 2, 3), WINDOWED),
        ("Windows, shifted", nn.Sequential(nn.Tanh(), Windows(6, 3, 3, 1)), WINDOWED),
        ("Windows with padding, shifted", nn.Sequential(nn.Conv2d(19, 6, 1), Windows(6, 2, 4, 3)), IMAGE),
        ("Windows without biases", nn.Sequential(Windows(6, 1, 2, 1, bias=False), nn.Tanh()), WINDOWED),
        ("One window of all rows, shifted to the right", nn.Sequential(nn.Conv2d(19, 4, 1), Windows(4, 4, 5, 2)), IMAGE),
        ("A window that is larger than the image", nn.Sequential(Windows(6, 6, 7, 3), nn.Tanh()), (6, 4, 5)),
        ("Windows of one pixel", Windows(6, 2, 1), WINDOWED),
        ("Windows that are shifted by all but one", Windows(6, 2, 4, 3), WINDOWED),
        ("Windows of many pixels with many channels, shifted",
            nn.Sequential(nn.Conv2d(4, 64, 1), Windows(64, 2, 7, 3), nn.Conv2d(64, 5, 1)), (4, 14, 21)),
        ("More windows beside one another than add to the same biases",
            nn.Sequential(Windows(2, 2, 2, 1), nn.Tanh()), (2, 2, 132)),
        ("LSTM", Recurrent(nn.LSTM(6, 4, batch_first=True)), SEQUENCE),
        ("LSTM of two layers, both ways", nn.Sequential(
            nn.Tanh(), Recurrent(nn.LSTM(6, 3, 2, batch_first=True, bidirectional=True))), SEQUENCE),
        ("LSTM without biases", Recurrent(nn.LSTM(6, 5, bias=False, batch_first=True)), SEQUENCE),
        ("GRU", Recurrent(nn.GRU(6, 4, batch_first=True)), SEQUENCE),
        ("GRU both ways", nn.Sequential(Recurrent(nn.GRU(6, 3, batch_first=True, bidirectional=True)), nn.Conv1d(6, 2, 1)), SEQUENCE),
        ("GRU of two layers without biases", Recurrent(nn.GRU(6, 3, 2, bias=False, batch_first=True)), SEQUENCE),
        ("LSTM of 15 units", Recurrent(nn.LSTM(6, 15, batch_first=True)), SEQUENCE),
        ("LSTM of 17 units, both ways", Recurrent(nn.LSTM(6, 17, batch_first=True, bidirectional=True)), SEQUENCE),
        ("LSTM of 120 units", nn.Sequential(Recurrent(nn.LSTM(6, 120, batch_first=True)), nn.Conv1d(120, 2, 1)), (6, 3)),
        ("LSTM of one step", Recurrent(nn.LSTM(6, 4, 2, batch_first=True)), (6, 1)),
        ("GRU of 16 units, both ways", Recurrent(nn.GRU(6, 16, batch_first=True, bidirectional=True)), SEQUENCE),
        ("GRU of 33 units without biases, both ways", Recurrent(nn.GRU(6, 33, bias=False, batch_first=True, bidirectional=True)), (6, 5)),
        ("GRU of one unit", Recurrent(nn.GRU(6, 1, batch_first=True)), SEQUENCE),
        ("GRU of one step, both ways", Recurrent(nn.GRU(6, 4, batch_first=True, bidirectional=True)), (6, 1)),
        ("GRU of many features", Recurrent(nn.GRU(970, 2, batch_first=True)), (970, 4)),
        ("MatMul", Function(lambda m, x: m.own(x) @ x.tanh(), own=Tensor((4, 6))), SEQUENCE),
        ("MatMul, transposed", Function(lambda m, x: x @ x.tanh().transpose(1, 2)), SEQUENCE),
        ("MatMul of matrices", Function(lambda m, x: m.conv1(x).transpose(2, 3) @ x.tanh(), conv1=nn.Conv2d(19, 19, 1)), IMAGE),
        ("MatMul with one matrix", Function(lambda m, x: m.conv1(x) @ x.tanh().transpose(2, 3), conv1=nn.Conv2d(19, 1, 1)), IMAGE),
        ("MatMul of a volume", Function(
            lambda m, x: (nn.functional.avg_pool3d(x, (3, 1, 1)).transpose(3, 4) @ x.tanh()).softmax(4)), VOLUME),
        ("MatMul of many columns", Function(lambda m, x: (x.transpose(1, 2) @ x.tanh())[:, :, :53]), MANY),
        ("MatMul of long sums", Function(lambda m, x: m.conv(x) @ x.tanh().transpose(1, 2), conv=nn.Conv1d(1, 5, 1)), THOUSAND),
        ("MatMul of squares", Function(lambda m, x: m.conv(x) @ x.tanh(), conv=nn.Conv2d(3, 3, 1)), SQUARES),
        ("MatMul of squares, the first transposed", Function(
            lambda m, x: m.conv(x).transpose(2, 3) @ x.tanh(), conv=nn.Conv2d(3, 3, 1)), SQUARES),
        ("MatMul of squares, the second transposed", Function(
            lambda m, x: m.conv(x) @ x.tanh().transpose(2, 3), conv=nn.Conv2d(3, 3, 1)), SQUARES),
        ("MatMul of squares, both transposed", Function(
            lambda m, x: m.conv(x).transpose(2, 3) @ x.tanh().transpose(2, 3), conv=nn.Conv2d(3, 3, 1)), SQUARES),
        ("Softmax of rows", Function(lambda m, x: m.conv(x.softmax(2)), conv=nn.Conv1d(4, 3, 1)), MANY),
        ("Softmax of long rows", Function(lambda m, x: m.conv(x).softmax(2), conv=nn.Conv1d(1, 3, 1)), THOUSAND),
        ("Softmax of rows of a volume", Function(lambda m, x: m.conv(x).softmax(4), conv=nn.Conv3d(6, 6, 2)), VOLUME),
        ("Softmax of rows with a halo", Function(lambda m, x: m.conv(x.softmax(3)), conv=nn.Conv2d(19, 5, 3, padding=1)), IMAGE),
        ("Buffer, grid", Function(
            lambda m, x: m.conv1(x) + m.own(x), conv1=nn.Conv2d(19, 2, 1), own=Tensor((2, 5, 7), "buffer1")), IMAGE),
        ("Buffer, mask", Function(lambda m, x: (x + m.own(x)).softmax(2), own=Tensor((1, 1, 11), "buffer1")), SEQUENCE),
        ("Concat, columns", Function(
            lambda m, x: torch.cat([m.conv1(x), nn.functional.pad(m.conv2(nn.functional.avg_pool2d(x, 2)), (0, 0, 1, 2))], 3),
            conv1=nn.Conv2d(19, 4, 1), conv2=nn.Conv2d(19, 4, 1)), IMAGE),
        ("Concat, rows", Function(lambda m, x: torch.cat([x, x.tanh(), x], 2)), IMAGE),
        ("Concat, planes", Function(lambda m, x: torch.cat([m.conv1(x), x], 2).relu(), conv1=nn.Conv3d(6, 6, 1)), VOLUME),
        ("Concat, a sequence", Function(lambda m, x: torch.cat([x[:, :, :1], x.tanh()], 2)), SEQUENCE),
        ("Slice, columns", Function(lambda m, x: x[:, :, :, 1:-2]), IMAGE),
        ("Slice, the first token", Function(lambda m, x: m.conv1(x)[:, :, 0], conv1=nn.Conv1d(6, 19, 1)), SEQUENCE),
        ("Split, rows of a volume", Function(lambda m, x: x.tanh().chunk(2, 3)[1]), VOLUME),
    ])
