using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Zoo;

namespace Strata.Benchmarks.Networks;

/// <summary>
/// A network of Strata.Zoo that samples/Zoo has no class of. It is compiled where it is measured, so that no build takes longer.
/// </summary>
/// <param name="Name">torchvision's name where it has the network.</param>
/// <param name="Class">The name of its block, and of its class.</param>
/// <param name="Input">The shape of a sample.</param>
/// <param name="Arguments">The block's.</param>
/// <param name="Loss">The loss.</param>
internal sealed record BlockNetwork(string Name, string Class, string Input, string Arguments, string Loss)
{
    private const string Labels = "CrossEntropy(IgnoreIndex = 255)", Values = "MeanSquaredError";

    public static IReadOnlyList<BlockNetwork> All { get; } =
    [
        Of<MobileNetV3SmallAttribute>("mobilenet_v3_small"),
        Of<MnasNetAttribute>("mnasnet1_0"),
        Of<RegNetX400MFAttribute>("regnet_x_400mf"),
        Of<RegNetY400MFAttribute>("regnet_y_400mf"),
        Of<ResNeXt50Attribute>("resnext50_32x4d"),
        Of<WideResNet50Attribute>("wide_resnet50_2"),
        Of<SEResNet50Attribute>("seresnet50"),
        Of<CbamResNet18Attribute>("cbam_resnet18"),
        Of<VitB16Attribute>("vit_b_16"),
        Of<SwinTinyAttribute>("swin_t"),
        Of<DinoV2SmallAttribute>("dinov2_vits14", loss: Values),
        Of<ClipImageEncoderAttribute>("clip_vit_b_32", arguments: "Name = \"visual\"", loss: Values),
        Of<FcnResNet50Attribute>("fcn_resnet50", loss: Labels),
        Of<DeepLabV3MobileNetV3LargeAttribute>("deeplabv3_mobilenet_v3_large", loss: Labels),
        Of<LrasppMobileNetV3LargeAttribute>("lraspp_mobilenet_v3_large", loss: Labels),
        Of<CrnnAttribute>("crnn", "1, 32, 100", loss: Labels),
        Of<StyleTransferAttribute>("style_transfer", "3, 256, 256", loss: Values),
        Of<EspcnAttribute>("espcn", "1, 224, 224", loss: Values),
    ];

    /// <summary>The class, without what stands above it in a file.</summary>
    public string Declaration => $"[Network, Input({Input}), {Class}({Arguments}), {Loss}]\npublic partial class {Class};\n";

    /// <summary>A file of all of them, as those of samples/Zoo.</summary>
    public static string Source =>
        $"using Strata;\nusing Strata.Zoo;\n\nnamespace Zoo.Networks;\n\n{string.Join('\n', All.Select(network => network.Declaration))}";

    private static BlockNetwork Of<TBlock>(
        string name, string input = "3, 224, 224", string arguments = "Name = \"\"", string loss = "CrossEntropy")
        where TBlock : BlockAttribute => new(name, typeof(TBlock).Name[..^nameof(Attribute).Length], input, arguments, loss);
}
