using System;
using System.IO;
using System.Linq;

namespace Strata.Weights;

/// <summary>What a file is that Keras did not write as one, and the way out.</summary>
internal static class ForeignFile
{
    private const string WayOut = " It is not read. In Keras: model.save_weights(\"model.weights.h5\") with the loaded model. Or make an "
        + "ONNX file, which Strata.Onnx reads: python -m tf2onnx.convert --saved-model FOLDER --output model.onnx.";

    private const string Checkpoint = "not a Keras file, but a part of a TensorFlow checkpoint.", Folder =
        "not a Keras file, but the folder of a TensorFlow SavedModel.";

    // The end of the tables that TensorFlow writes: 0xDB4775248B80FB57.
    private static readonly byte[] TableEnd = [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB];

    /// <summary>Refuses what a path alone shows to be TensorFlow's: folders, and the files of checkpoints.</summary>
    /// <exception cref="DamagedFileException">It is TensorFlow's.</exception>
    public static void CheckPath(string path)
    {
        string name = Path.GetFileName(path);
        if (Directory.Exists(path) && File.Exists(Path.Combine(path, "saved_model.pb")))
        {
            throw new DamagedFileException(Folder + WayOut);
        }

        if ((File.Exists(path) && (IsNumbers(name) || name == "checkpoint")) || (!File.Exists(path) && File.Exists(path + ".index")))
        {
            throw new DamagedFileException(Checkpoint + WayOut);
        }
    }

    /// <summary>What a file is instead.</summary>
    /// <param name="file">The file.</param>
    /// <param name="beginning">Its first bytes.</param>
    /// <param name="format">Their format, if it is known.</param>
    public static string Refusal(SourceFile file, byte[] beginning, FileFormat? format)
    {
        if (beginning.Length == 0)
        {
            return "the file is empty.";
        }

        byte[] end = new byte[(int)long.Min(TableEnd.Length, file.Length)];
        file.Read(file.Length - end.Length, end);
        return end.AsSpan().SequenceEqual(TableEnd) ? Checkpoint + WayOut
            : format is null ? $"not a Keras file: it begins with {Convert.ToHexString(beginning.AsSpan(0, int.Min(beginning.Length, 8)))}."
            : $"not a Keras file, but {format.Name}." + (
                format == FileFormat.SavedModel ? WayOut
                : format == FileFormat.Safetensors ? " The network's Load reads it."
                : format == FileFormat.PyTorch ? " LoadPyTorch reads it."
                : "");
    }

    /// <summary>Whether a name is that of the numbers of a checkpoint: <c>model.ckpt.data-00000-of-00001</c>.</summary>
    private static bool IsNumbers(string name)
    {
        const string Data = ".data-", Of = "-of-";
        int begin = name.LastIndexOf(Data, StringComparison.Ordinal);
        return begin >= 0 && name[(begin + Data.Length)..].Split(Of) is [var part, var parts] && part.All(char.IsAsciiDigit)
            && parts.All(char.IsAsciiDigit);
    }
}
