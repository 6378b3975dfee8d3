using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>Finds the weights in what a file holds.</summary>
internal static class StateDictionary
{
    /// <summary>Under which keys checkpoints keep the weights, the likeliest first.</summary>
    private static readonly string[] Places = ["state_dict", "model_state_dict", "model", "model_state", "net"];

    /// <summary>What DataParallel and torch.compile put before every key.</summary>
    private static readonly string[] Wrappers = ["module.", "_orig_mod."];

    /// <summary>What is no tensor in a safetensors file.</summary>
    private const string Metadata = "__metadata__";

    /// <summary>The named tensors, in the file's order.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isWanted">
    /// Whether names may begin with a wrapper's text, since the caller's do. Otherwise it is taken away if all names have it.
    /// </param>
    public static List<StoredTensor> Tensors(TorchFile file, Predicate<string> isWanted)
    {
        PickleDictionary dictionary = Find(file.Root);
        var tensors = new List<StoredTensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach ((object? key, object? value) in dictionary.Pairs)
        {
            if (value is TorchTensor tensor)
            {
                string name = key as string ?? throw new DamagedFileException("a tensor's key is no text.");
                tensors.Add(names.Add(name) ? Locate(name, tensor, file.Storages)
                    : throw new DamagedFileException("it is there twice.", name));
            }
        }

        while (tensors.Count > 0 && Array.Find(Wrappers, wrapper => !isWanted(wrapper)
            && tensors.TrueForAll(tensor => tensor.Name.StartsWith(wrapper, StringComparison.Ordinal))) is { } common)
        {
            tensors = [.. tensors.Select(tensor => tensor with { Name = tensor.Name[common.Length..] })];
        }

        return tensors.Exists(tensor => tensor.Name == Metadata)
            ? throw new DamagedFileException("safetensors have no tensor of this name.", Metadata) : tensors;
    }

    /// <summary>The dictionary of tensors: the file's own, or the one that a checkpoint has under a usual key.</summary>
    private static PickleDictionary Find(object? root)
    {
        if (root is not PickleDictionary dictionary)
        {
            throw new DamagedFileException($"the file holds {Describe(root)}; a state_dict, or a checkpoint with one, is expected.");
        }

        foreach (string place in Places)
        {
            foreach ((object? key, object? value) in dictionary.Pairs)
            {
                if (value is PickleDictionary inner && key is string name && name == place)
                {
                    return inner;
                }
            }
        }

        return dictionary.Pairs.Count == 0 || dictionary.Pairs.Exists(pair => pair.Value is TorchTensor) ? dictionary
            : throw new DamagedFileException($"the file holds a dictionary without tensors, and none of its keys is "
                + $"{string.Join(", ", Places.Select(place => $"'{place}'"))}; it has "
                + $"{MessageText.List([.. dictionary.Pairs.Select(pair => pair.Key as string ?? Describe(pair.Key))], "none")}.");
    }

    private static string Describe(object? value) => value switch
    {
        TorchTensor => "a tensor without a name",
        PickleObject other => MessageText.Show(other.Type),
        List<object?> => "a list",
        object?[] => "a tuple",
        string => "a text",
        null => "None",
        _ => "a number",
    };

    private static StoredTensor Locate(string name, TorchTensor tensor, IReadOnlyDictionary<string, FileRegion> storages)
    {
        TorchStorage storage = tensor.Storage;
        if (!storages.TryGetValue(storage.Key, out FileRegion region))
        {
            throw new DamagedFileException($"its storage '{MessageText.Show(storage.Key)}' is not in the file.", name);
        }

        int size = storage.Type.Size;
        if (storage.Total != region.Length / size)
        {
            throw new DamagedFileException($"its storage '{MessageText.Show(storage.Key)}' should have "
                + $"{MessageText.Count(storage.Total, "number")} of {MessageText.Count(size, "byte")}, and has "
                + $"{MessageText.Count(region.Length, "byte")}.", name);
        }

        return new StoredTensor(
            name, storage.Type, new FileRegion(region.Begin + (storage.Begin * size), storage.Count * size), tensor.Layout);
    }
}
