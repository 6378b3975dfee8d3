namespace Strata;

/// <summary>Advice on how weights in another format become a safetensors file.</summary>
internal static class WeightsFormats
{
    private const string FromTorch = "The package Strata.Weights loads what torch.save wrote: net.LoadPyTorch(\"model.pth\"). "
        + "`strata convert model.pth model.safetensors` converts them. (`dotnet tool install --global Strata.Tool` brings the command.)";

    private const string Names = " Keys and shapes must become PyTorch's";

    /// <summary>The advice for a file of another format; empty if there is none.</summary>
    /// <param name="format">The file's format.</param>
    public static string WayOut(FileFormat format) =>
        format == FileFormat.PyTorch || format == FileFormat.Pickle ? FromTorch
        : format == FileFormat.Zip ? "Unpack it; or is it PyTorch's? " + FromTorch
        : format == FileFormat.NumPy ? FromNumPy("{\"conv1.weight\": numpy.load(\"weight.npy\")}")
        : format == FileFormat.NumPyArchive ? FromNumPy("dict(numpy.load(\"model.npz\"))")
        : format == FileFormat.Onnx ? "`strata import model.onnx` writes a class with its layers, and its weights as a safetensors file. "
            + "(`dotnet tool install --global Strata.Tool` brings the command.)"
        : format == FileFormat.Keras || format == FileFormat.Hdf5
            ? "The package Strata.Weights.Keras loads what Keras saved: net.LoadKeras(\"model.keras\"). "
            + "`strata convert model.keras model.safetensors` converts it, too."
        : format == FileFormat.SavedModel
            ? "In Python: import keras; from safetensors.numpy import save_file; "
            + "save_file({w.path: w.numpy() for w in keras.models.load_model(\"model.keras\").weights}, \"model.safetensors\")." + Names
            + ": a kernel (height, width, in, out) is transposed by (3, 2, 0, 1), a dense layer's (in, out) by (1, 0)."
        : format == FileFormat.Gguf || format == FileFormat.TfLite ? "Save the weights as safetensors in the program that made them, "
            + "before they are quantised."
        : format == FileFormat.Darknet ? "Load it in PyTorch with the project that it comes from, and save its state_dict by torch.save. "
            + FromTorch
        : format == FileFormat.LfsPointer ? "It stands for the file, which `git lfs pull` fetches."
        : format == FileFormat.Page ? "A server answered with it instead of the file: download the file again."
        : format == FileFormat.Json ? "A file model.safetensors.index.json names the files that hold the weights: load those."
        : format.IsPacked ? "Unpack it."
        : "";

    private static string FromNumPy(string arrays) =>
        $"In Python: import numpy; from safetensors.numpy import save_file; save_file({arrays}, \"model.safetensors\")." + Names + ".";
}
