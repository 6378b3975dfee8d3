using System;
using System.IO;
using Strata.Onnx.Loading;
using Strata.Onnx.Reading;

namespace Strata.Onnx;

public static partial class OnnxFile
{
    /// <summary>
    /// Loads an ONNX file as a network, with its weights: the layers of the class that <see cref="Import(string, OnnxImportOptions?)"/>
    /// would write, compiled now. Layers are named after the file's modules, and blocks are written out. For another size of its input
    /// (<see cref="CompiledNetwork.At"/>), the file is read again.
    /// </summary>
    /// <param name="path">The file. Weights that it keeps in other files are read from its folder.</param>
    /// <param name="options">The shapes of open inputs, where the network ends, its loss; null for the defaults.</param>
    /// <param name="network">Tier and threads of the instance, or other weights than the file's; null for the defaults.</param>
    /// <param name="compile">How it is compiled; null for the defaults. Without a loss it cannot be trained.</param>
    /// <returns>The network, whose inputs have their channels first. Whoever loads it disposes of it.</returns>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is damaged, of another format, or beyond a limit.</exception>
    /// <exception cref="UnsupportedOnnxException">Some nodes have no words in Strata; the message lists all of them.</exception>
    /// <exception cref="NetworkException">The layers break a rule of the compiler, such as its limit of memory.</exception>
    /// <exception cref="ArgumentException">An option does not fit.</exception>
    /// <exception cref="PlatformNotSupportedException">No code can be made here (<see cref="NetworkCompiler.IsSupported"/>).</exception>
    public static CompiledNetwork Load(
        string path, OnnxImportOptions? options = null, NetworkOptions? network = null, CompileOptions? compile = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options = OfOneSize(Checked(options));
        string name = ClassName.Choose(options, Path.GetFileNameWithoutExtension(path));
        var file = new LoadedFile(Path.GetFullPath(path), path, name, options);
        return NetworkCompiler.Compile(file.Source, Named(compile, name), network ?? new NetworkOptions());
    }

    /// <summary>
    /// Loads an ONNX model from a stream as a network, as <see cref="Load(string, OnnxImportOptions?, NetworkOptions?, CompileOptions?)"/>.
    /// </summary>
    /// <param name="stream">The model, up to the stream's end. Its weights must be in it.</param>
    /// <param name="options">As for a file; the network's name is <c>Network</c> by default.</param>
    /// <param name="network">Tier and threads of the instance, or other weights than the file's; null for the defaults.</param>
    /// <param name="compile">How it is compiled; null for the defaults. Without a loss it cannot be trained.</param>
    /// <returns>The network, whose inputs have their channels first. Whoever loads it disposes of it.</returns>
    /// <exception cref="OnnxFormatException">The model is damaged, of another format, or beyond a limit.</exception>
    /// <exception cref="UnsupportedOnnxException">Some nodes have no words in Strata; the message lists all of them.</exception>
    /// <exception cref="NetworkException">The layers break a rule of the compiler, such as its limit of memory.</exception>
    /// <exception cref="ArgumentException">An option does not fit.</exception>
    /// <exception cref="PlatformNotSupportedException">No code can be made here (<see cref="NetworkCompiler.IsSupported"/>).</exception>
    public static CompiledNetwork Load(
        Stream stream, OnnxImportOptions? options = null, NetworkOptions? network = null, CompileOptions? compile = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        options = OfOneSize(Checked(options));
        string name = ClassName.Choose(options, "Network");
        NetworkContent content = LoadedLayers.Read(GraphReader.Read(stream, "the stream", null, options), name, options).Content;
        return content.Layers.Compile(network, Named(compile, name), content.Initialize, _ => throw new NotSupportedException(
            $"{name} has one size, because it was loaded from a stream. A file can be loaded at other sizes."));
    }

    /// <summary>
    /// What a file is as a network: its inputs, outputs, layers and parameters. Nothing is compiled, and no weights are read.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="options">The shapes of open inputs, where the network ends, its loss; null for the defaults.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">The file is damaged, of another format, or beyond a limit.</exception>
    /// <exception cref="UnsupportedOnnxException">Some nodes have no words in Strata; the message lists all of them.</exception>
    /// <exception cref="NetworkException">The layers break a rule of the compiler, such as its limit of memory.</exception>
    /// <exception cref="ArgumentException">An option does not fit.</exception>
    public static NetworkInfo ReadInfo(string path, OnnxImportOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        options = OfOneSize(Checked(options));
        string name = ClassName.Choose(options, Path.GetFileNameWithoutExtension(path));
        return LoadedFile.Read(path, path, name, options).Builder.Describe(new CompileOptions { Name = name });
    }

    private static OnnxImportOptions OfOneSize(OnnxImportOptions options) => options.Sizes.Count == 0 ? options
        : throw new ArgumentException($"{nameof(OnnxImportOptions)}.{nameof(OnnxImportOptions.Sizes)} are those of a class. What is loaded has the sizes of "
        + $"{nameof(CompileOptions)}.{nameof(CompileOptions.Sizes)}.");

    private static CompileOptions Named(CompileOptions? compile, string name)
    {
        compile ??= new CompileOptions();
        return compile with { Name = compile.Name ?? name };
    }
}
