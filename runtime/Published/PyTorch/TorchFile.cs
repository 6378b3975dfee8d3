using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Numerics;
using System.Text;

namespace Strata.Weights;

/// <summary>A file that <c>torch.save</c> has written: a pickle, and the storages that it names.</summary>
/// <param name="Root">What the pickle holds.</param>
/// <param name="Storages">Where the storages are, under their keys.</param>
internal sealed record TorchFile(object? Root, IReadOnlyDictionary<string, FileRegion> Storages)
{
    private const string Pickle = "/data.pkl", Order = "/byteorder", Data = "/data/", Script = "/constants.pkl";

    private const string Writer = "torch.save stores it as it is: load the file in PyTorch and save it again.";

    // What files before PyTorch 1.6 begin with, and the version of their format.
    private const long Version = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", CultureInfo.InvariantCulture);

    /// <summary>Reads the pickle, and finds the storages.</summary>
    /// <param name="file">The file.</param>
    /// <param name="most">The most bytes of the pickle, and of the archive's directory.</param>
    public static TorchFile Read(SourceFile file, int most)
    {
        byte[] beginning = new byte[(int)long.Min(file.Length, FileFormat.BeginningLength)];
        file.Read(0, beginning);
        FileFormat? format = FileFormat.Detect(beginning);
        return beginning.AsSpan().StartsWith("PK"u8) && format is not null && (format == FileFormat.PyTorch || format == FileFormat.Zip)
                ? ReadArchive(file, most)
            : format == FileFormat.PyTorch || format == FileFormat.Pickle ? ReadSequence(file, most)
            : throw new DamagedFileException(Refusal(beginning, format));
    }

    private static string Refusal(byte[] beginning, FileFormat? format) =>
        beginning.Length == 0 ? "the file is empty."
        : format is null ? $"not a PyTorch file: it begins with {Convert.ToHexString(beginning.AsSpan(0, int.Min(beginning.Length, 8)))}."
        : $"not a PyTorch file, but {format.Name}."
            + (format == FileFormat.Safetensors ? " The network's Load reads it."
                : format == FileFormat.Hdf5 || format == FileFormat.Keras ? " The package Strata.Weights.Keras reads it: LoadKeras."
                : "");

    /// <summary>A ZIP archive, from PyTorch 1.6 on: a folder with the pickle, and a file for each storage.</summary>
    private static TorchFile ReadArchive(SourceFile file, int most)
    {
        ZipDirectory archive = ZipDirectory.Read(file, most);
        string? pickle = archive.Names.FirstOrDefault(
            name => name.EndsWith(Pickle, StringComparison.Ordinal) && name.IndexOf('/') == name.Length - Pickle.Length);
        if (pickle is null)
        {
            throw new DamagedFileException($"not a PyTorch file, but a ZIP archive without {Pickle[1..]}; it has "
                + $"{MessageText.List([.. archive.Names], "no files")}.");
        }

        string folder = pickle[..^Pickle.Length];
        if (archive.Names.Contains(folder + Script))
        {
            throw new DamagedFileException("the file is a TorchScript program. Save its weights alone in PyTorch: "
                + "torch.save(torch.jit.load(\"model.pt\").state_dict(), \"weights.pth\").");
        }

        CheckOrder(file, archive, folder);
        FileRegion region = archive.RegionOf(pickle, Writer)!.Value;
        if (region.Length > most)
        {
            throw new DamagedFileException(TooLong($"the pickle has {MessageText.Count(region.Length, "byte")}", most));
        }

        object? root = PickleMachine.Read(new PickleInput(file, region, "its file in the archive ends"), new TorchVocabulary());
        var storages = new Dictionary<string, FileRegion>(StringComparer.Ordinal);
        foreach (string name in archive.Names.Where(name => name.StartsWith(folder + Data, StringComparison.Ordinal)))
        {
            storages.Add(name[(folder.Length + Data.Length)..], archive.RegionOf(name, Writer)!.Value);
        }

        return new TorchFile(root, storages);
    }

    private static void CheckOrder(SourceFile file, ZipDirectory archive, string folder)
    {
        if (archive.RegionOf(folder + Order, Writer) is { } region)
        {
            byte[] order = new byte[long.Min(region.Length, FileFormat.BeginningLength)];
            file.Read(region.Begin, order);
            if (!order.AsSpan().SequenceEqual("little"u8))
            {
                throw new DamagedFileException($"its numbers' bytes are in the order '{MessageText.Show(Encoding.UTF8.GetString(order))}'; "
                    + "'little' is read. Load it in PyTorch and save it again.");
            }
        }
    }

    /// <summary>Before PyTorch 1.6: pickles one after the other, then the storages.</summary>
    private static TorchFile ReadSequence(SourceFile file, int most)
    {
        var region = new FileRegion(0, long.Min(file.Length, most));
        var input = new PickleInput(file, region, region.Length == file.Length ? "the file ends" : TooLong("there", most));
        var vocabulary = new TorchVocabulary();
        if (PickleMachine.Read(input, vocabulary) is not BigInteger number || number != Magic)
        {
            throw new DamagedFileException("not a PyTorch file, but a Python pickle of something else. Save the weights with torch.save.");
        }

        if (PickleMachine.Read(input, vocabulary) is not Version)
        {
            throw new DamagedFileException($"the version of the file's format is not {Version}, the only one that there was.");
        }

        if (PickleMachine.Read(input, vocabulary) is not PickleDictionary system
            || system.Pairs.Any(pair => pair is { Key: "little_endian", Value: not true }))
        {
            throw new DamagedFileException("it was written on a machine whose numbers begin with the highest byte. Load it in PyTorch and "
                + "save it again.");
        }

        var types = new StorageTypes();
        object? root = PickleMachine.Read(input, types);
        var storages = new Dictionary<string, FileRegion>(StringComparer.Ordinal);
        object? keys = PickleMachine.Read(input, vocabulary);
        long position = input.Position;
        Span<byte> length = stackalloc byte[sizeof(long)];
        foreach (object? key in keys as List<object?> ?? throw new DamagedFileException("the list of storages is missing."))
        {
            if (key is not string name || !types.Found.TryGetValue(name, out ElementType? type))
            {
                throw new DamagedFileException("the list of storages has one that no tensor has.");
            }

            file.Read(position, length);
            long count = BitConverter.ToInt64(length);
            position += length.Length;
            if (count < 0 || count > (file.Length - position) / type.Size)
            {
                throw new DamagedFileException($"the file is truncated, or damaged: storage '{MessageText.Show(name)}' would have "
                    + $"{MessageText.Count(count, "number")} after byte {position} of {file.Length}.");
            }

            if (!storages.TryAdd(name, new FileRegion(position, count * type.Size)))
            {
                throw new DamagedFileException($"storage '{MessageText.Show(name)}' is listed twice.");
            }

            position += count * type.Size;
        }

        return new TorchFile(root, storages);
    }

    private static string TooLong(string pickle, int most) =>
        $"{pickle}; {nameof(WeightsLoadOptions)}.{nameof(WeightsLoadOptions.MaxHeaderLength)} allows {most}.";

    /// <summary>Notes the type of each storage that a pickle names, which the file does not tell where the storage is.</summary>
    private sealed class StorageTypes : IPickleVocabulary
    {
        private readonly TorchVocabulary _vocabulary = new();

        public Dictionary<string, ElementType> Found { get; } = new(StringComparer.Ordinal);

        public object? Find(string name) => _vocabulary.Find(name);

        public object Resolve(object? id)
        {
            object found = _vocabulary.Resolve(id);
            if (found is TorchStorage storage && Found.TryAdd(storage.Key, storage.Type) is false && Found[storage.Key] != storage.Type)
            {
                throw new DamagedFileException($"storage '{MessageText.Show(storage.Key)}' has numbers of two types.");
            }

            return found;
        }
    }
}
