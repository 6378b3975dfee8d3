using System.Collections.Generic;
using Zoo.Networks;
using Generated = Strata.Generated;

namespace Zoo;

/// <summary>All networks, the oldest first.</summary>
internal static class Catalog
{
    public static IReadOnlyList<ZooNetwork> All { get; } =
    [
        new("lenet5", () => Generated.Zoo_Networks_LeNet5.Description.Info, options => new LeNet5(options), "LeCun et al. 1998, Gradient-based learning applied to document recognition"),
        new("lenet_sigmoid", () => Generated.Zoo_Networks_LeNetSigmoid.Description.Info, options => new LeNetSigmoid(options), "LeCun et al. 1998, as first published"),
        new("alexnet", () => Generated.Zoo_Networks_AlexNet.Description.Info, options => new AlexNet(options), "Krizhevsky 2014, One weird trick for parallelizing convolutional neural networks"),
        new("alexnet_bn", () => Generated.Zoo_Networks_AlexNetBN.Description.Info, options => new AlexNetBN(options), "Krizhevsky 2014, with batch norm"),
        new("nin", () => Generated.Zoo_Networks_NetworkInNetwork.Description.Info, options => new NetworkInNetwork(options), "Lin et al. 2013, Network in network"),
        new("nin_bn", () => Generated.Zoo_Networks_NetworkInNetworkBN.Description.Info, options => new NetworkInNetworkBN(options), "Lin et al. 2013, with batch norm"),
        new("vgg11", () => Generated.Zoo_Networks_Vgg11.Description.Info, options => new Vgg11(options), "Simonyan and Zisserman 2014, Very deep convolutional networks"),
        new("vgg13", () => Generated.Zoo_Networks_Vgg13.Description.Info, options => new Vgg13(options), "Simonyan and Zisserman 2014"),
        new("vgg16", () => Generated.Zoo_Networks_Vgg16.Description.Info, options => new Vgg16(options), "Simonyan and Zisserman 2014"),
        new("vgg19", () => Generated.Zoo_Networks_Vgg19.Description.Info, options => new Vgg19(options), "Simonyan and Zisserman 2014"),
        new("googlenet", () => Generated.Zoo_Networks_GoogLeNet.Description.Info, options => new GoogLeNet(options), "Szegedy et al. 2014, Going deeper with convolutions"),
        new("resnet20", () => Generated.Zoo_Networks_ResNet20.Description.Info, options => new ResNet20(options), "He et al. 2015, section 4.2"),
        new("resnet18", () => Generated.Zoo_Networks_ResNet18.Description.Info, options => new ResNet18(options), "He et al. 2015, Deep residual learning"),
        new("resnet34", () => Generated.Zoo_Networks_ResNet34.Description.Info, options => new ResNet34(options), "He et al. 2015"),
        new("resnet50", () => Generated.Zoo_Networks_ResNet50.Description.Info, options => new ResNet50(options), "He et al. 2015"),
        new("resnet101", () => Generated.Zoo_Networks_ResNet101.Description.Info, options => new ResNet101(options), "He et al. 2015"),
        new("resnet152", () => Generated.Zoo_Networks_ResNet152.Description.Info, options => new ResNet152(options), "He et al. 2015"),
        new("inception_v3", () => Generated.Zoo_Networks_InceptionV3.Description.Info, options => new InceptionV3(options), "Szegedy et al. 2015, Rethinking the inception architecture"),
        new("inception_v4", () => Generated.Zoo_Networks_InceptionV4.Description.Info, options => new InceptionV4(options), "Szegedy et al. 2016, Inception-v4"),
        new("squeezenet1_1", () => Generated.Zoo_Networks_SqueezeNet.Description.Info, options => new SqueezeNet(options), "Iandola et al. 2016, SqueezeNet"),
        new("densenet121", () => Generated.Zoo_Networks_DenseNet121.Description.Info, options => new DenseNet121(options), "Huang et al. 2016, Densely connected convolutional networks"),
        new("mobilenet_v2", () => Generated.Zoo_Networks_MobileNetV2.Description.Info, options => new MobileNetV2(options), "Sandler et al. 2018, MobileNetV2"),
        new("yolo", () => Generated.Zoo_Networks_Yolo.Description.Info, options => new Yolo(options), "Redmon and Farhadi 2018, YOLOv3: a head of its kind"),
        new("m5", () => Generated.Zoo_Networks_M5.Description.Info, options => new M5(options), "Dai et al. 2016, Very deep convolutional neural networks for raw waveforms"),
        new("voxnet", () => Generated.Zoo_Networks_VoxNet.Description.Info, options => new VoxNet(options), "Maturana and Scherer 2015, VoxNet"),
        new("enet", () => Generated.Zoo_Networks_ENet.Description.Info, options => new ENet(options), "Paszke et al. 2016, ENet"),
        new("unet", () => Generated.Zoo_Networks_UNet.Description.Info, options => new UNet(options), "Ronneberger et al. 2015, U-Net"),
        new("pyramid", () => Generated.Zoo_Networks_Pyramid.Description.Info, options => new Pyramid(options), "Long et al. 2015 and Chen et al. 2017, a segmenter of their kind"),
        new("net", () => Generated.Zoo_Networks_Net.Description.Info, options => new Net(options), "the lecture notes' network in PyTorch"),
        new("makemodel", () => Generated.Zoo_Networks_MakeModel.Description.Info, options => new MakeModel(options), "the lecture notes' network in Keras, P = n = 32"),
    ];
}
