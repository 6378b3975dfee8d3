"""PyTorch definitions of the zoo's networks that torchvision lacks. Parameters are named as samples/Zoo names them."""
from collections import OrderedDict

import torch
import torch.nn.functional as F
from torch import nn
from torchvision.models import SwinTransformer, alexnet
from torchvision.models.resnet import BasicBlock, Bottleneck as ResidualBottleneck, ResNet


class Named(nn.Sequential):
    """A stack whose layers with parameters are named by kind and counted, as Strata does by default."""

    STEMS = {
        nn.Conv1d: "conv", nn.Conv2d: "conv", nn.Conv3d: "conv", nn.Linear: "dense",
        nn.BatchNorm1d: "bn", nn.BatchNorm2d: "bn"}

    def __init__(self, *layers):
        counts, named = {}, OrderedDict()
        for layer in layers:
            stem = self.STEMS.get(type(layer), type(layer).__name__.lower())
            counts[stem] = counts.get(stem, 0) + 1
            named[f"{stem}{counts[stem]}"] = layer
        super().__init__(named)


def lenet5():
    """LeCun et al. 1998, with ReLU and max pooling."""
    return Named(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


def lenet_sigmoid():
    """LeCun et al. 1998, with the sigmoids and average pooling of its time."""
    return Named(
        nn.Conv2d(1, 6, 5, padding=2), nn.Sigmoid(), nn.AvgPool2d(2),
        nn.Conv2d(6, 16, 5), nn.Sigmoid(), nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(400, 120), nn.Sigmoid(), nn.Linear(120, 84), nn.Sigmoid(), nn.Linear(84, 10))


def net():
    return Named(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(400, 128), nn.ReLU(), nn.Linear(128, 84), nn.ReLU(), nn.Linear(84, 10))


def makemodel():
    """Keras' makeModel(32): three convolutions of 32, 64 and 128 filters on 3×32×32."""
    return Named(
        nn.Conv2d(3, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(64, 128, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.AvgPool2d(2), nn.Flatten(),
        nn.Linear(512, 128), nn.ReLU(), nn.Dropout(0.5), nn.Linear(128, 3))


def nin(norm=False):
    """Lin et al. 2013, for CIFAR-10."""

    def mlpconv(inputs, outputs, kernel, padding):
        layers = []
        for i, width in enumerate(outputs):
            layers.append(nn.Conv2d(inputs, width, kernel if i == 0 else 1, padding=padding if i == 0 else 0, bias=not norm))
            layers += [nn.BatchNorm2d(width)] if norm else []
            layers.append(nn.ReLU())
            inputs = width
        return layers

    return Named(
        *mlpconv(3, (192, 160, 96), 5, 2), nn.MaxPool2d(3, 2, ceil_mode=True), nn.Dropout(0.5),
        *mlpconv(96, (192, 192, 192), 5, 2), nn.AvgPool2d(3, 2, ceil_mode=True), nn.Dropout(0.5),
        *mlpconv(192, (192, 192, 10), 3, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())


def alexnet_bn():
    """torchvision's AlexNet with a batch norm in place of each convolution's bias."""
    model = alexnet()
    layers = []
    for layer in model.features:
        layers.append(layer)
        if isinstance(layer, nn.Conv2d):
            layer.bias = None
            layers.append(nn.BatchNorm2d(layer.out_channels))
    model.features = nn.Sequential(*layers)
    return model


class ResNet20(nn.Module):
    """He et al. 2015, section 4.2, with projections where the shape changes (option B)."""

    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.layer1 = self.stage(16, 16, 1)
        self.layer2 = self.stage(16, 32, 2)
        self.layer3 = self.stage(32, 64, 2)
        self.fc = nn.Linear(64, 10)

    @staticmethod
    def stage(inputs, outputs, stride):
        downsample = None if stride == 1 else nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))
        return nn.Sequential(
            BasicBlock(inputs, outputs, stride, downsample), BasicBlock(outputs, outputs), BasicBlock(outputs, outputs))

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        x = self.layer3(self.layer2(self.layer1(x)))
        return self.fc(x.mean((2, 3)))


class SqueezeExcite(nn.Module):
    """Hu, Shen and Sun 2018: a factor for each channel. The names are timm's."""

    def __init__(self, channels):
        super().__init__()
        self.fc1 = nn.Conv2d(channels, channels // 16, 1)
        self.fc2 = nn.Conv2d(channels // 16, channels, 1)

    def forward(self, x):
        return x * self.fc2(F.relu(self.fc1(x.mean((2, 3), keepdim=True)))).sigmoid()


class SqueezedBottleneck(ResidualBottleneck):
    """torchvision's bottleneck with squeeze-and-excite before the addition."""

    def __init__(self, inplanes, planes, *rest, **named):
        super().__init__(inplanes, planes, *rest, **named)
        self.se = SqueezeExcite(4 * planes)

    def forward(self, x):
        y = F.relu(self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x))))))
        return F.relu(self.se(self.bn3(self.conv3(y))) + (x if self.downsample is None else self.downsample(x)))


def seresnet50():
    return ResNet(SqueezedBottleneck, [3, 4, 6, 3])


class Cbam(nn.Module):
    """Woo et al. 2018: a factor for each channel, then one for each pixel. The names are those of the authors' code."""

    def __init__(self, channels):
        super().__init__()
        self.ChannelGate = nn.Module()
        self.ChannelGate.mlp = nn.Sequential(
            nn.Flatten(), nn.Linear(channels, channels // 16), nn.ReLU(), nn.Linear(channels // 16, channels))
        self.SpatialGate = nn.Module()
        self.SpatialGate.spatial = nn.Sequential(OrderedDict([
            ("conv", nn.Conv2d(2, 1, 7, padding=3, bias=False)), ("bn", nn.BatchNorm2d(1, momentum=0.01))]))

    def forward(self, x):
        mlp = self.ChannelGate.mlp
        x = x * (mlp(x.mean((2, 3))) + mlp(F.adaptive_max_pool2d(x, 1))).sigmoid()[:, :, None, None]
        greatest = F.adaptive_max_pool1d(x.flatten(2).transpose(1, 2), 1).view(x.shape[0], 1, *x.shape[2:])
        return x * self.SpatialGate.spatial(torch.cat([greatest, x.mean(1, keepdim=True)], 1)).sigmoid()


class AttentiveBlock(BasicBlock):
    """torchvision's basic block with a CBAM before the addition."""

    def __init__(self, inplanes, planes, *rest, **named):
        super().__init__(inplanes, planes, *rest, **named)
        self.cbam = Cbam(planes)

    def forward(self, x):
        y = self.bn2(self.conv2(F.relu(self.bn1(self.conv1(x)))))
        return F.relu(self.cbam(y) + (x if self.downsample is None else self.downsample(x)))


def cbam_resnet18():
    return ResNet(AttentiveBlock, [2, 2, 2, 2])


class DinoBlock(nn.Module):
    def __init__(self, features, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(features, eps=1e-6), nn.LayerNorm(features, eps=1e-6)
        self.attn, self.mlp, self.ls1, self.ls2 = nn.Module(), nn.Module(), nn.Module(), nn.Module()
        self.attn.qkv, self.attn.proj = nn.Linear(features, 3 * features), nn.Linear(features, features)
        self.mlp.fc1, self.mlp.fc2 = nn.Linear(features, 4 * features), nn.Linear(4 * features, features)
        self.ls1.gamma, self.ls2.gamma = nn.Parameter(torch.ones(features)), nn.Parameter(torch.ones(features))

    def attention(self, x):
        q, k, v = (part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in self.attn.qkv(x).chunk(3, 2))
        p = (q @ k.transpose(2, 3) / q.shape[3] ** 0.5).softmax(3)
        return self.attn.proj((p @ v).transpose(1, 2).flatten(2))

    def forward(self, x):
        x = x + self.ls1.gamma * self.attention(self.norm1(x))
        return x + self.ls2.gamma * self.mlp.fc2(F.gelu(self.mlp.fc1(self.norm2(x))))


def swin_t():
    """torchvision's, without stochastic depth."""
    return SwinTransformer(
        [4, 4], 96, depths=[2, 2, 6, 2], num_heads=[3, 6, 12, 24], window_size=[7, 7], stochastic_depth_prob=0)


class DinoV2(nn.Module):
    """Oquab et al. 2023: ViT-S/14 with Meta's names, without mask_token."""

    def __init__(self, size):
        super().__init__()
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Conv2d(3, 384, 14, 14)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, 384))
        self.pos_embed = nn.Parameter(torch.zeros(1, (size // 14) ** 2 + 1, 384))
        self.blocks = nn.Sequential(*[DinoBlock(384, 6) for _ in range(12)])
        self.norm = nn.LayerNorm(384, eps=1e-6)

    def forward(self, x):
        x = self.patch_embed.proj(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        return self.norm(self.blocks(x))[:, 0]


class ClipBlock(nn.Module):
    def __init__(self, features, heads):
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(features), nn.LayerNorm(features)
        self.attn = nn.MultiheadAttention(features, heads, batch_first=True)
        self.mlp = nn.Module()
        self.mlp.c_fc, self.mlp.c_proj = nn.Linear(features, 4 * features), nn.Linear(4 * features, features)

    def forward(self, x):
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False)[0]
        y = self.mlp.c_fc(self.ln_2(x))
        return x + self.mlp.c_proj(y * (1.702 * y).sigmoid())


class Clip(nn.Module):
    """Radford et al. 2021: the image half of ViT-B/32 with OpenAI's names."""

    def __init__(self, size):
        super().__init__()
        visual = self.visual = nn.Module()
        visual.conv1 = nn.Conv2d(3, 768, 32, 32, bias=False)
        visual.class_embedding = nn.Parameter(torch.zeros(768))
        visual.positional_embedding = nn.Parameter(torch.zeros((size // 32) ** 2 + 1, 768))
        visual.ln_pre, visual.ln_post = nn.LayerNorm(768), nn.LayerNorm(768)
        visual.transformer = nn.Module()
        visual.transformer.resblocks = nn.Sequential(*[ClipBlock(768, 12) for _ in range(12)])
        visual.proj = nn.Parameter(torch.zeros(768, 512))

    def forward(self, x):
        visual = self.visual
        x = visual.conv1(x).flatten(2).transpose(1, 2)
        x = torch.cat([visual.class_embedding.expand(len(x), 1, -1), x], 1) + visual.positional_embedding
        return visual.ln_post(visual.transformer.resblocks(visual.ln_pre(x))[:, 0]) @ visual.proj


def espcn():
    """Shi et al. 2016, for three times the size."""
    return Named(
        nn.Conv2d(1, 64, 5, padding=2), nn.Tanh(), nn.Conv2d(64, 32, 3, padding=1), nn.Tanh(),
        nn.Conv2d(32, 9, 3, padding=1), nn.PixelShuffle(3))


def mirrored(inputs, outputs, kernel, stride=1):
    return nn.Sequential(OrderedDict([
        ("conv2d", nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, padding_mode="reflect"))]))


class StyleResidual(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1, self.in1 = mirrored(channels, channels, 3), nn.InstanceNorm2d(channels, affine=True)
        self.conv2, self.in2 = mirrored(channels, channels, 3), nn.InstanceNorm2d(channels, affine=True)

    def forward(self, x):
        return x + self.in2(self.conv2(F.relu(self.in1(self.conv1(x)))))


class StyleTransfer(nn.Module):
    """Johnson et al. 2016 with instance norm. The names are those of PyTorch's examples."""

    def __init__(self):
        super().__init__()
        self.conv1, self.in1 = mirrored(3, 32, 9), nn.InstanceNorm2d(32, affine=True)
        self.conv2, self.in2 = mirrored(32, 64, 3, 2), nn.InstanceNorm2d(64, affine=True)
        self.conv3, self.in3 = mirrored(64, 128, 3, 2), nn.InstanceNorm2d(128, affine=True)
        for i in range(1, 6):
            self.add_module(f"res{i}", StyleResidual(128))
        self.deconv1, self.in4 = mirrored(128, 64, 3), nn.InstanceNorm2d(64, affine=True)
        self.deconv2, self.in5 = mirrored(64, 32, 3), nn.InstanceNorm2d(32, affine=True)
        self.deconv3 = mirrored(32, 3, 9)

    def forward(self, x):
        for convolution, norm in ((self.conv1, self.in1), (self.conv2, self.in2), (self.conv3, self.in3)):
            x = F.relu(norm(convolution(x)))
        for residual in (self.res1, self.res2, self.res3, self.res4, self.res5):
            x = residual(x)
        for convolution, norm in ((self.deconv1, self.in4), (self.deconv2, self.in5)):
            x = F.relu(norm(convolution(F.interpolate(x, scale_factor=2))))
        return self.deconv3(x)


class ReadingLayer(nn.Module):
    """An LSTM in both directions, and a dense layer for each step."""

    def __init__(self, inputs, hidden, outputs):
        super().__init__()
        self.rnn = nn.LSTM(inputs, hidden, bidirectional=True, batch_first=True)
        self.embedding = nn.Linear(2 * hidden, outputs)

    def forward(self, x):
        return self.embedding(self.rnn(x)[0])


class Crnn(nn.Module):
    """Shi, Bai and Yao 2015 for 36 characters and the blank: N×C×L. The names are those of meijieru's port."""

    def __init__(self):
        super().__init__()
        self.cnn, inputs = nn.Sequential(), 1
        for i, width in enumerate((64, 128, 256, 256, 512, 512, 512)):
            self.cnn.add_module(f"conv{i}", nn.Conv2d(inputs, width, 2 if i == 6 else 3, padding=0 if i == 6 else 1))
            if i in (2, 4, 6):
                self.cnn.add_module(f"batchnorm{i}", nn.BatchNorm2d(width))
            self.cnn.add_module(f"relu{i}", nn.ReLU())
            if i in (0, 1):
                self.cnn.add_module(f"pooling{i}", nn.MaxPool2d(2))
            elif i in (3, 5):
                self.cnn.add_module(f"pooling{i}", nn.MaxPool2d(2, (2, 1), (0, 1)))
            inputs = width
        self.rnn = nn.Sequential(ReadingLayer(512, 256, 256), ReadingLayer(256, 256, 37))

    def forward(self, x):
        return self.rnn(self.cnn(x).squeeze(2).transpose(1, 2)).transpose(1, 2)


class ConvNorm(nn.Module):
    """Convolution without bias, batch norm, activation."""

    def __init__(self, inputs, outputs, kernel, stride=1, padding=0, dilation=1, eps=1e-5, slope=0.0):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, padding, dilation, bias=False)
        self.bn = nn.BatchNorm2d(outputs, eps=eps)
        self.slope = slope

    def forward(self, x):
        return F.leaky_relu(self.bn(self.conv(x)), self.slope)


class Branches(nn.Module):
    """Concatenates what its children compute from the same tensor."""

    def __init__(self, **branches):
        super().__init__()
        for name, branch in branches.items():
            self.add_module(name, branch)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.children()], 1)


def chain(*layers):
    return nn.Sequential(*layers)


def unit(inputs, outputs, kernel, stride=1, padding=0):
    return ConvNorm(inputs, outputs, kernel, stride, padding, eps=0.001)


class InceptionC(nn.Module):
    """Szegedy et al. 2016, figure 6: branches that split once more at their ends."""

    def __init__(self):
        super().__init__()
        self.branch0 = unit(1536, 256, 1)
        self.branch1_0 = unit(1536, 384, 1)
        self.branch1_1a = unit(384, 256, (1, 3), 1, (0, 1))
        self.branch1_1b = unit(384, 256, (3, 1), 1, (1, 0))
        self.branch2_0 = unit(1536, 384, 1)
        self.branch2_1 = unit(384, 448, (3, 1), 1, (1, 0))
        self.branch2_2 = unit(448, 512, (1, 3), 1, (0, 1))
        self.branch2_3a = unit(512, 256, (1, 3), 1, (0, 1))
        self.branch2_3b = unit(512, 256, (3, 1), 1, (1, 0))
        self.branch3 = chain(nn.AvgPool2d(3, 1, 1, count_include_pad=False), unit(1536, 256, 1))

    def forward(self, x):
        one = self.branch1_0(x)
        two = self.branch2_2(self.branch2_1(self.branch2_0(x)))
        return torch.cat([
            self.branch0(x), self.branch1_1a(one), self.branch1_1b(one), self.branch2_3a(two), self.branch2_3b(two), self.branch3(x)], 1)


def inception_a():
    return Branches(
        branch0=unit(384, 96, 1),
        branch1=chain(unit(384, 64, 1), unit(64, 96, 3, 1, 1)),
        branch2=chain(unit(384, 64, 1), unit(64, 96, 3, 1, 1), unit(96, 96, 3, 1, 1)),
        branch3=chain(nn.AvgPool2d(3, 1, 1, count_include_pad=False), unit(384, 96, 1)))


def inception_b():
    return Branches(
        branch0=unit(1024, 384, 1),
        branch1=chain(unit(1024, 192, 1), unit(192, 224, (1, 7), 1, (0, 3)), unit(224, 256, (7, 1), 1, (3, 0))),
        branch2=chain(
            unit(1024, 192, 1), unit(192, 192, (7, 1), 1, (3, 0)), unit(192, 224, (1, 7), 1, (0, 3)),
            unit(224, 224, (7, 1), 1, (3, 0)), unit(224, 256, (1, 7), 1, (0, 3))),
        branch3=chain(nn.AvgPool2d(3, 1, 1, count_include_pad=False), unit(1024, 128, 1)))


class InceptionV4(nn.Module):
    """Szegedy et al. 2016, with the names of the checkpoints that are around (Cadene's, timm's)."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            unit(3, 32, 3, 2), unit(32, 32, 3), unit(32, 64, 3, 1, 1),
            Branches(maxpool=nn.MaxPool2d(3, 2), conv=unit(64, 96, 3, 2)),
            Branches(
                branch0=chain(unit(160, 64, 1), unit(64, 96, 3)),
                branch1=chain(unit(160, 64, 1), unit(64, 64, (1, 7), 1, (0, 3)), unit(64, 64, (7, 1), 1, (3, 0)), unit(64, 96, 3))),
            Branches(conv=unit(192, 192, 3, 2), maxpool=nn.MaxPool2d(3, 2)),
            *[inception_a() for _ in range(4)],
            Branches(
                branch0=unit(384, 384, 3, 2),
                branch1=chain(unit(384, 192, 1), unit(192, 224, 3, 1, 1), unit(224, 256, 3, 2)),
                branch2=nn.MaxPool2d(3, 2)),
            *[inception_b() for _ in range(7)],
            Branches(
                branch0=chain(unit(1024, 192, 1), unit(192, 192, 3, 2)),
                branch1=chain(
                    unit(1024, 256, 1), unit(256, 256, (1, 7), 1, (0, 3)), unit(256, 320, (7, 1), 1, (3, 0)), unit(320, 320, 3, 2)),
                branch2=nn.MaxPool2d(3, 2)),
            *[InceptionC() for _ in range(3)])
        self.dropout = nn.Dropout(0.2)
        self.last_linear = nn.Linear(1536, 1000)

    def forward(self, x):
        return self.last_linear(self.dropout(self.features(x).mean((2, 3))))


class Bottleneck(nn.Module):
    """ENet's bottleneck: 1×1 to a quarter of the channels, a convolution, 1×1 back, spatial dropout, addition, PReLU."""

    def __init__(self, channels, rate, convolution=None):
        super().__init__()
        inner = channels // 4
        self.conv1 = nn.Conv2d(channels, inner, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(inner)
        self.prelu1 = nn.PReLU(inner)
        for name, layer in (convolution or dilated(1))(inner).items():
            self.add_module(name, layer)
        self.bn2 = nn.BatchNorm2d(inner)
        self.prelu2 = nn.PReLU(inner)
        self.expand = nn.Conv2d(inner, channels, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(channels)
        self.dropout = nn.Dropout2d(rate)
        self.prelu3 = nn.PReLU(channels)

    def branch(self, x):
        for name, layer in self.named_children():
            if not name.startswith("main") and name != "prelu3":
                x = layer(x)
        return x

    def forward(self, x):
        return self.prelu3(x + self.branch(x))


def dilated(dilation):
    return lambda width: {"conv2": nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation, bias=False)}


def asymmetric(width):
    return {
        "conv2": nn.Conv2d(width, width, (5, 1), padding=(2, 0), bias=False),
        "conv3": nn.Conv2d(width, width, (1, 5), padding=(0, 2), bias=False)}


class Down(Bottleneck):
    """Halves the extents: the main branch is max pooling, padded with channels of zeros."""

    def __init__(self, inputs, outputs, rate):
        super().__init__(outputs, rate)
        self.conv1 = nn.Conv2d(inputs, outputs // 4, 2, 2, bias=False)

    def forward(self, x):
        main, indices = F.max_pool2d(x, 2, return_indices=True)
        branch = self.branch(x)
        main = F.pad(main, (0, 0, 0, 0, 0, branch.shape[1] - main.shape[1]))
        return self.prelu3(main + branch), indices


class Up(Bottleneck):
    """Doubles the extents: the main branch puts each number where the maximum was."""

    def __init__(self, inputs, outputs, rate):
        super().__init__(outputs, rate, lambda width: {"conv2": nn.ConvTranspose2d(width, width, 2, 2, bias=False)})
        self.conv1 = nn.Conv2d(inputs, outputs // 4, 1, bias=False)
        self.main1 = nn.Conv2d(inputs, outputs, 1, bias=False)
        self.main2 = nn.BatchNorm2d(outputs)

    def forward(self, x, indices):
        return self.prelu3(F.max_unpool2d(self.main2(self.main1(x)), indices, 2) + self.branch(x))


class ENet(nn.Module):
    """Paszke et al. 2016, for 12 classes."""

    def __init__(self):
        super().__init__()
        self.initial = nn.Conv2d(3, 13, 3, 2, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(16)
        self.prelu1 = nn.PReLU(16)
        self.down1 = Down(16, 64, 0.01)
        self.stage1 = nn.Sequential(*[Bottleneck(64, 0.01) for _ in range(4)])
        self.down2 = Down(64, 128, 0.1)
        kinds = [dilated(1), dilated(2), asymmetric, dilated(4), dilated(1), dilated(8), asymmetric, dilated(16)]
        self.stage2 = nn.Sequential(*[Bottleneck(128, 0.1, kind) for kind in kinds])
        self.stage3 = nn.Sequential(*[Bottleneck(128, 0.1, kind) for kind in kinds])
        self.up4 = Up(128, 64, 0.1)
        self.stage4 = nn.Sequential(*[Bottleneck(64, 0.1) for _ in range(2)])
        self.up5 = Up(64, 16, 0.1)
        self.stage5 = Bottleneck(16, 0.1)
        self.fullconv = nn.ConvTranspose2d(16, 12, 2, 2)

    def forward(self, x):
        x = self.prelu1(self.bn1(torch.cat([self.initial(x), F.max_pool2d(x, 2)], 1)))
        x, first = self.down1(x)
        x, second = self.down2(self.stage1(x))
        x = self.up4(self.stage3(self.stage2(x)), second)
        return self.fullconv(self.stage5(self.up5(self.stage4(x), first)))


class UNet(nn.Module):
    """Ronneberger et al. 2015 in the form of torch.hub's mateuszbuda/brain-segmentation-pytorch."""

    def __init__(self, width=32):
        super().__init__()

        def block(inputs, outputs, name):
            return nn.Sequential(OrderedDict([
                (name + "conv1", nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)),
                (name + "norm1", nn.BatchNorm2d(outputs)),
                (name + "relu1", nn.ReLU()),
                (name + "conv2", nn.Conv2d(outputs, outputs, 3, padding=1, bias=False)),
                (name + "norm2", nn.BatchNorm2d(outputs)),
                (name + "relu2", nn.ReLU())]))

        self.encoder1 = block(3, width, "enc1")
        self.encoder2 = block(width, 2 * width, "enc2")
        self.encoder3 = block(2 * width, 4 * width, "enc3")
        self.encoder4 = block(4 * width, 8 * width, "enc4")
        self.bottleneck = block(8 * width, 16 * width, "bottleneck")
        self.upconv4 = nn.ConvTranspose2d(16 * width, 8 * width, 2, 2)
        self.decoder4 = block(16 * width, 8 * width, "dec4")
        self.upconv3 = nn.ConvTranspose2d(8 * width, 4 * width, 2, 2)
        self.decoder3 = block(8 * width, 4 * width, "dec3")
        self.upconv2 = nn.ConvTranspose2d(4 * width, 2 * width, 2, 2)
        self.decoder2 = block(4 * width, 2 * width, "dec2")
        self.upconv1 = nn.ConvTranspose2d(2 * width, width, 2, 2)
        self.decoder1 = block(2 * width, width, "dec1")
        self.conv = nn.Conv2d(width, 1, 1)

    def forward(self, x):
        """Logits: the sigmoid is the loss's."""
        one = self.encoder1(x)
        two = self.encoder2(F.max_pool2d(one, 2))
        three = self.encoder3(F.max_pool2d(two, 2))
        four = self.encoder4(F.max_pool2d(three, 2))
        y = self.bottleneck(F.max_pool2d(four, 2))
        y = self.decoder4(torch.cat([self.upconv4(y), four], 1))
        y = self.decoder3(torch.cat([self.upconv3(y), three], 1))
        y = self.decoder2(torch.cat([self.upconv2(y), two], 1))
        y = self.decoder1(torch.cat([self.upconv1(y), one], 1))
        return self.conv(y)


class Pyramid(nn.Module):
    """A fully convolutional segmenter with a pyramid of dilated convolutions (Long et al. 2015, Chen et al. 2017)."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            ConvNorm(3, 32, 3, 2, 1), ConvNorm(32, 64, 3, 2, 1), ConvNorm(64, 128, 3, padding=1), ConvNorm(128, 128, 3, padding=2, dilation=2))
        self.point = ConvNorm(128, 64, 1)
        self.near = ConvNorm(128, 64, 3, padding=3, dilation=3)
        self.middle = ConvNorm(128, 64, 3, padding=6, dilation=6)
        self.far = ConvNorm(128, 64, 3, padding=9, dilation=9)
        self.image = nn.Conv2d(128, 64, 1)
        self.project = ConvNorm(320, 128, 1)
        self.score = nn.Conv2d(128, 21, 1)

    def forward(self, x):
        x = self.stem(x)
        image = F.relu(self.image(F.adaptive_avg_pool2d(x, 1))).expand(-1, -1, x.shape[2], x.shape[3])
        x = self.project(torch.cat([self.point(x), self.near(x), self.middle(x), self.far(x), image], 1))
        return F.interpolate(self.score(x), scale_factor=4, mode="bilinear", align_corners=False)


class Yolo(nn.Module):
    """A small one-stage detector: a grid of 8×8 cells, two boxes a cell, 20 classes (Redmon and Farhadi 2016, 2018)."""

    def __init__(self):
        super().__init__()
        widths = [3, 16, 32, 64, 128, 256]
        for i in range(5):
            self.add_module(f"conv{i + 1}", ConvNorm(widths[i], widths[i + 1], 3, padding=1, slope=0.1))
        self.boxes = nn.Conv2d(256, 8, 1)
        self.objects = nn.Conv2d(256, 2, 1)
        self.classes = nn.Conv2d(256, 20, 1)

    def forward(self, x):
        for i in range(1, 5):
            x = F.max_pool2d(getattr(self, f"conv{i}")(x), 2)
        x = self.conv5(x)
        return self.boxes(x), self.objects(x), self.classes(x)


def m5():
    """Dai et al. 2016: a second of sound at 8 kHz to 35 words."""
    return Named(
        nn.Conv1d(1, 32, 80, 16, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.MaxPool1d(4),
        nn.Conv1d(32, 32, 3, bias=False), nn.BatchNorm1d(32), nn.ReLU(), nn.MaxPool1d(4),
        nn.Conv1d(32, 64, 3, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.MaxPool1d(4),
        nn.Conv1d(64, 64, 3, bias=False), nn.BatchNorm1d(64), nn.ReLU(), nn.MaxPool1d(4),
        nn.AdaptiveAvgPool1d(1), nn.Flatten(), nn.Linear(64, 35))


def voxnet():
    """Maturana and Scherer 2015: occupancy grids of 32×32×32 to 40 classes."""
    return Named(
        nn.Conv3d(1, 32, 5, 2), nn.LeakyReLU(0.1), nn.Dropout(0.2),
        nn.Conv3d(32, 32, 3), nn.LeakyReLU(0.1), nn.MaxPool3d(2), nn.Dropout(0.3), nn.Flatten(),
        nn.Linear(6912, 128), nn.ReLU(), nn.Dropout(0.4), nn.Linear(128, 40))
