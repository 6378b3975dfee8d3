using System.Collections.Generic;
using Zoo.Networks;

namespace Zoo;

/// <summary>All networks, in the order in which <c>list</c> shows them.</summary>
internal static class Catalog
{
    public static IReadOnlyList<ZooNetwork> All { get; } =
    [
        ZooNetwork.Of<LeNet5>("lenet5", "LeCun et al. 1998, Gradient-based learning applied to document recognition"),
        ZooNetwork.Of<LeNetSigmoid>("lenet_sigmoid", "LeCun et al. 1998, as first published"),
        ZooNetwork.Of<AlexNet>("alexnet", "Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks"),
        ZooNetwork.Of<AlexNetBN>("alexnet_bn", "Krizhevsky 2014, with batch norm"),
        ZooNetwork.Of<NetworkInNetwork>("nin", "Lin et al. 2013, Network in network"),
        ZooNetwork.Of<NetworkInNetworkBN>("nin_bn", "Lin et al. 2013, with batch norm"),
        ZooNetwork.Of<Vgg11>("vgg11", "Simonyan and Zisserman 2014, Very deep convolutional networks"),
        ZooNetwork.Of<Vgg13>("vgg13", "Simonyan and Zisserman 2014"),
        ZooNetwork.Of<Vgg16>("vgg16", "Simonyan and Zisserman 2014"),
        ZooNetwork.Of<Vgg19>("vgg19", "Simonyan and Zisserman 2014"),
        ZooNetwork.Of<GoogLeNet>("googlenet", "Szegedy et al. 2014, Going deeper with convolutions"),
        ZooNetwork.Of<ResNet20>("resnet20", "He et al. 2015, section 4.2"),
        ZooNetwork.Of<ResNet18>("resnet18", "He et al. 2015, Deep residual learning"),
        ZooNetwork.Of<ResNet34>("resnet34", "He et al. 2015"),
        ZooNetwork.Of<ResNet50>("resnet50", "He et al. 2015"),
        ZooNetwork.Of<ResNet101>("resnet101", "He et al. 2015"),
        ZooNetwork.Of<ResNet152>("resnet152", "He et al. 2015"),
        ZooNetwork.Of<InceptionV3>("inception_v3", "Szegedy et al. 2015, Rethinking the inception architecture"),
        ZooNetwork.Of<InceptionV4>("inception_v4", "Szegedy et al. 2016, Inception-v4"),
        ZooNetwork.Of<SqueezeNet>("squeezenet1_1", "Iandola et al. 2016, SqueezeNet"),
        ZooNetwork.Of<DenseNet121>("densenet121", "Huang et al. 2016, Densely connected convolutional networks"),
        ZooNetwork.Of<MobileNetV2>("mobilenet_v2", "Sandler et al. 2018, MobileNetV2"),
        ZooNetwork.Of<ShuffleNetV2>("shufflenet_v2_x1_0", "Ma et al. 2018, ShuffleNet V2: practical guidelines"),
        ZooNetwork.Of<EfficientNetB0>("efficientnet_b0", "Tan and Le 2019, EfficientNet"),
        ZooNetwork.Of<MobileNetV3Large>("mobilenet_v3_large", "Howard et al. 2019, Searching for MobileNetV3"),
        ZooNetwork.Of<ConvNeXtTiny>("convnext_tiny", "Liu et al. 2022, A ConvNet for the 2020s"),
        ZooNetwork.Of<Yolo>("yolo", "Redmon and Farhadi 2018, YOLOv3: a head of its kind"),
        ZooNetwork.Of<M5>("m5", "Dai et al. 2016, Very deep convolutional neural networks for raw waveforms"),
        ZooNetwork.Of<VoxNet>("voxnet", "Maturana and Scherer 2015, VoxNet"),
        ZooNetwork.Of<ENet>("enet", "Paszke et al. 2016, ENet"),
        ZooNetwork.Of<UNet>("unet", "Ronneberger et al. 2015, U-Net"),
        ZooNetwork.Of<Pyramid>("pyramid", "Long et al. 2015 and Chen et al. 2017, a segmenter of their kind"),
        ZooNetwork.Of<Net>("net", "the lecture notes' network in PyTorch"),
        ZooNetwork.Of<MakeModel>("makemodel", "the lecture notes' network in Keras, P = n = 32"),
    ];
}
