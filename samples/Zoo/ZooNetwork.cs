using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata;
using Strata.Pictures;

namespace Zoo;

/// <summary>A network of the zoo.</summary>
/// <param name="Name">The name; torchvision's if it has this network.</param>
/// <param name="Type">Its class.</param>
/// <param name="Describe">Gets its description, without an instance. Called only for networks that are used, since thirty descriptions take
/// a while.</param>
/// <param name="Create">Creates an instance.</param>
/// <param name="Paper">The paper.</param>
internal sealed record ZooNetwork(string Name, Type Type, Func<NetworkInfo> Describe,
    Func<NetworkOptions, CompiledNetwork> Create, string Paper)
{
    public static ZooNetwork Of<TNetwork>(string name, string paper) where TNetwork : CompiledNetwork, INetwork<TNetwork> =>
        new(name, typeof(TNetwork), () => TNetwork.Info, TNetwork.Create, paper);

    public NetworkInfo Info => Describe();

    public long Parameters => Info.Layers.Sum(layer => (long)layer.ParameterCount);

    public long MultiplyAdds => Info.Layers.Sum(layer => layer.MultiplyAdds);

    public int InputLength => Length(Info.InputShape);

    public int OutputLength => Length(Info.OutputShape);

    /// <summary>Whether its layers' activations can be read, according to its declaration.</summary>
    public bool Observable => Type.GetCustomAttribute<NetworkAttribute>() is { Observable: true };

    /// <summary>Whether instances can keep the weights of dense layers in bfloat16, according to its declaration.</summary>
    public WeightStorage WeightStorage => Type.GetCustomAttribute<NetworkAttribute>()?.WeightStorage ?? WeightStorage.Float32;

    /// <summary>
    /// Reads samples from a file. A .png file gives one sample, with values from 0 to 1. An .npy file gives one sample, or several if it
    /// has one more axis, which comes first.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is not such a picture or array, or has another shape.</exception>
    public float[] ReadInputs(string path) =>
        path.EndsWith(".png", StringComparison.OrdinalIgnoreCase) ? ReadPicture(path) : ReadArray(path);

    private float[] ReadPicture(string path)
    {
        var picture = Picture.Load(path);
        return Info.InputShape is [1 or 3, int height, int width] && (height, width) == (picture.Height, picture.Width)
            ? picture.ToTensor(Info.InputShape[0])
            : throw new InvalidDataException(
                $"{path}: {picture.Height}×{picture.Width} pixels; {Name} takes {Tables.Shape(Info.InputShape)}");
    }

    private float[] ReadArray(string path)
    {
        NpyArray array = NpyFile.Read(path);
        ReadOnlySpan<int> shape = Info.InputShape.ToArray();
        ReadOnlySpan<int> given = array.Shape;
        bool fits = given.SequenceEqual(shape) || (given.Length == shape.Length + 1 && given[1..].SequenceEqual(shape) && given[0] > 0);
        return fits ? array.Values : throw new InvalidDataException(
            $"{path}: shape {MessageText.Show(MessageText.Shape(array.Shape))}; {Name} takes {MessageText.Shape(Info.InputShape)} "
            + $"or (N, {string.Join(", ", Info.InputShape)})");
    }

    public static ZooNetwork? Find(string name) => Catalog.All.FirstOrDefault(network => network.Name == name);

    public static int Length(IEnumerable<int> shape) => shape.Aggregate(1, (product, extent) => checked(product * extent));
}
