using System;
using System.Linq;
using Strata.Compiler.Declarations;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Text;

namespace Strata.Onnx;

public static partial class OnnxFile
{
    /// <summary>The layers with the sizes that the class declares, at each of which the file has these layers.</summary>
    /// <param name="layers">The file at the size of <c>[Input]</c>.</param>
    /// <param name="read">Reads the file.</param>
    /// <param name="name">The class.</param>
    /// <param name="options">How it is read, with sizes.</param>
    /// <exception cref="NotSupportedException">The file is another network at another size.</exception>
    /// <exception cref="ArgumentException">A class cannot declare these sizes.</exception>
    private static LayerGraph WithSizes(
        LayerGraph layers, Func<OnnxImportOptions, OnnxGraph> read, string name, OnnxImportOptions options)
    {
        InputTensor[] inputs = [.. layers.Inputs.Where(input => input.Shape.Count > 1)];
        if (inputs.Length == 0)
        {
            throw new ArgumentException($"The inputs of {name} have no axes besides their features: they have one size.");
        }

        int[] declared = [.. inputs[0].Shape.Skip(1)];
        if (inputs.FirstOrDefault(input => !input.Shape.Skip(1).SequenceEqual(declared)) is { } different)
        {
            throw new ArgumentException(
                $"Several sizes need inputs with the same extents. '{inputs[0].Name}' is {SizedNetwork.Text(inputs[0].Shape)}, and "
                + $"'{different.Name}' is {SizedNetwork.Text(different.Shape)}.");
        }

        var sizes = SizeProduct.Of(options.Sizes, declared);
        var own = new SizedText(layers, name);
        foreach (int[] size in sizes.Others)
        {
            var shapes = InputShapes.At(layers.Inputs, inputs.SelectMany(_ => size), options.Inputs);
            var sized = new SizedText(AtSize(size, () => LayersOf(read(options with { Inputs = shapes }), name, options)), name);
            if (own.Difference(SizedNetwork.Text(declared), sized, SizedNetwork.Text(size)) is { } difference)
            {
                throw new NotSupportedException(
                    $"{name} cannot be one class for several sizes: {difference} Import a class for each size.");
            }
        }

        return layers with { Sizes = sizes };
    }

    /// <summary>Reads a file at a size, and adds the size to what is wrong there.</summary>
    private static LayerGraph AtSize(int[] size, Func<LayerGraph> read)
    {
        try
        {
            return read();
        }
        catch (OnnxFormatException exception)
        {
            throw new OnnxFormatException($"At the size {SizedNetwork.Text(size)}: {exception.Message}", exception);
        }
        catch (UnsupportedOnnxException exception)
        {
            throw new UnsupportedOnnxException($"At the size {SizedNetwork.Text(size)}: {exception.Message}", exception.Nodes);
        }
    }
}
