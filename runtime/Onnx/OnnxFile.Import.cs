using System;
using System.Globalization;
using System.IO;
using System.Linq;
using Strata.Onnx.Layers;
using Strata.Onnx.Model;
using Strata.Onnx.Reading;
using Strata.Onnx.Text;
using Strata.Onnx.Translation;

namespace Strata.Onnx;

/// <summary>Reads ONNX files as classes of Strata, and writes networks as ONNX files.</summary>
public static partial class OnnxFile
{
    /// <summary>The most layers, blocks and branches that the compiler takes.</summary>
    private const int MostLayers = 5_000;

    /// <summary>The losses that need no arguments.</summary>
    internal static readonly string[] Losses =
        ("BinaryCrossEntropy CrossEntropy ExternalLoss Hinge Huber L1 L2 MeanAbsoluteError MeanSquaredError SmoothL1").Split(' ');

    /// <summary>
    /// Turns an ONNX file into a class and its weights. Nothing is written: <see cref="ImportedNetwork.Save"/> does that.
    /// </summary>
    /// <param name="path">The file. Weights that it keeps in other files are read from its folder.</param>
    /// <param name="options">The class's name, the shapes of open inputs, where the network ends, and so on.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is damaged, of another format, or beyond a limit.</exception>
    /// <exception cref="UnsupportedOnnxException">Some nodes have no words in Strata; the message lists all of them.</exception>
    /// <exception cref="NotSupportedException">The file is another network at another of the sizes.</exception>
    /// <exception cref="ArgumentException">An option does not fit.</exception>
    public static ImportedNetwork Import(string path, OnnxImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options = Checked(options);
        string name = ClassName.Choose(options, Path.GetFileNameWithoutExtension(path));
        return Import(read => GraphReader.Read(path, read), name, Path.GetFileName(path), options);
    }

    /// <summary>Turns an ONNX model from a stream into a class and its weights.</summary>
    /// <param name="stream">The model, up to the stream's end. Its weights must be in it.</param>
    /// <param name="options">As for a file; the class's name is <c>Network</c> by default.</param>
    /// <exception cref="OnnxFormatException">The model is damaged, of another format, or beyond a limit.</exception>
    /// <exception cref="UnsupportedOnnxException">Some nodes have no words in Strata; the message lists all of them.</exception>
    /// <exception cref="NotSupportedException">The model is another network at another of the sizes.</exception>
    /// <exception cref="ArgumentException">An option does not fit.</exception>
    public static ImportedNetwork Import(Stream stream, OnnxImportOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options = Checked(options);
        string name = ClassName.Choose(options, "Network");
        using var copy = new MemoryStream();
        if (options.Sizes.Count > 0)
        {
            // It is read once for each size.
            stream.CopyTo(copy);
            stream = copy;
        }

        return Import(
            read =>
            {
                copy.Position = 0;
                return GraphReader.Read(stream, "the stream", null, read);
            },
            name, "", options);
    }

    private static ImportedNetwork Import(
        Func<OnnxImportOptions, OnnxGraph> read, string name, string file, OnnxImportOptions options)
    {
        OnnxGraph graph = read(options);
        LayerGraph layers = LayersOf(graph, name, options);
        layers = options.Sizes.Count > 0 ? WithSizes(layers, read, name, options) : layers;
        ClassText text = ClassWriter.Write(layers, name, options.Namespace, options.TakenNames.Contains);
        return new ImportedNetwork(
            name, file, text.Source, layers.Notes, text.Warnings,
            [.. text.Parameters.Select(pair => new ImportedParameter(
                pair.Key, pair.Parameter.Key, pair.Parameter.Shape, () => pair.Parameter.Values()))])
        {
            DataFiles = graph.DataFiles,
        };
    }

    /// <summary>The layers of a graph, as many as the compiler takes.</summary>
    internal static LayerGraph LayersOf(OnnxGraph graph, string name, OnnxImportOptions options)
    {
        LayerGraph layers = Translator.Translate(graph, options, name);
        int count = layers.Layers.Sum(layer => layer.IsJoin ? 1 + layer.Inputs.Count : 1);
        if (count > MostLayers)
        {
            throw new OnnxFormatException(string.Create(CultureInfo.InvariantCulture,
                $"The network has {count:N0} layers and branches; at most {MostLayers:N0} are compiled in a sensible time (STRATA028). ")
                + "Import it in parts: --until TENSOR ends a network early, and the next part is an export of the modules behind it.");
        }

        return layers;
    }

    private static OnnxImportOptions Checked(OnnxImportOptions? options)
    {
        options ??= new OnnxImportOptions();
        ClassName.CheckNamespace(options.Namespace);
        if (options.Sizes.Count > 0)
        {
            // The file is read at the first size, which is that of [Input].
            options = options with { Sizes = [SizeProduct.Of(options.Sizes).Declared, .. options.Sizes] };
        }

        return options.Loss is not { Length: > 0 } loss || Losses.Contains(loss) ? options : throw new ArgumentException(
            $"There is no loss '{loss}'. There are {string.Join(", ", Losses)}. For one of your own, import without a loss, and add it to "
            + "the class.");
    }
}
