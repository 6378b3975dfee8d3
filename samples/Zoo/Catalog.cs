using System.Collections.Generic;
using Zoo.Networks;
using Generated = Strata.Generated;

namespace Zoo;

/// <summary>All networks, the oldest first.</summary>
internal static class Catalog
{
    public static IReadOnlyList<ZooNetwork> All { get; } =
    [
        new("lenet5", Generated.Zoo_Networks_LeNet5.Description.Info, options => new LeNet5(options), "LeCun et al. 1998, Gradient-based learning applied to document recognition"),
        new("lenet_sigmoid", Generated.Zoo_Networks_LeNetSigmoid.Description.Info, options => new LeNetSigmoid(options), "LeCun et al. 1998, as first published"),
        new("net", Generated.Zoo_Networks_Net.Description.Info, options => new Net(options), "PyTorch's introduction to image classification"),
        new("makemodel", Generated.Zoo_Networks_MakeModel.Description.Info, options => new MakeModel(options), "the lecture notes' Keras model, P = n = 32"),
    ];
}
