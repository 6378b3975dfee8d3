using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata.Weights;

/// <summary>
/// The names that files of weights use: storages, what puts tensors together, dictionaries; and data that training scripts keep beside
/// weights, of which nothing is read.
/// </summary>
internal sealed class TorchVocabulary : IPickleVocabulary
{
    private static readonly string[] StorageModules = ["torch.", "torch.cuda."];

    /// <summary>What else checkpoints have: it is plain data in Python, too.</summary>
    private static readonly string[] Passed =
    [
        "argparse.Namespace", "_codecs.encode", "builtins.set", "__builtin__.set", "torch.device",
        "numpy.dtype", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
    ];

    /// <summary>Types of numbers, which checkpoints may name.</summary>
    private static readonly string[] Types =
    [
        "float64", "float32", "float16", "bfloat16", "int64", "int32", "int16", "int8", "uint8", "bool", "complex64", "complex128",
    ];

    private static readonly Dictionary<string, object> Names = CreateNames();

    public object? Find(string name) => Names.GetValueOrDefault(name);

    public object Resolve(object? id) => id switch
    {
        object?[] and ["storage", ElementType type, string key, string, long count] => new TorchStorage(key, type, count, 0, count),

        // Before PyTorch 1.6, the last part says which part of another storage this one is, if it is one.
        object?[] and ["storage", ElementType type, string key, string, long count, null] => new TorchStorage(key, type, count, 0, count),
        object?[] and ["storage", ElementType type, string key, string, long count, object?[] and [_, long begin, long length]]
            when begin >= 0 && length >= 0 && begin <= count - length => new TorchStorage(key, type, count, begin, length),
        object?[] and ["module", ..] => throw new DamagedFileException("the file holds a whole model, which is Python code. Save its "
            + "weights alone in PyTorch: torch.save(model.state_dict(), \"weights.pth\")."),
        _ => throw new DamagedFileException("the pickle is damaged: it names something outside of it that is no storage."),
    };

    private static Dictionary<string, object> CreateNames()
    {
        var names = new Dictionary<string, object>(StringComparer.Ordinal);
        foreach (string module in StorageModules)
        {
            foreach (ElementType type in ElementType.ByStorage.Values)
            {
                names.Add(module + type.Storage, type);
            }
        }

        foreach (string type in Types)
        {
            names.Add("torch." + type, new PickleObject("torch.dtype"));
        }

        foreach (string name in Passed)
        {
            names.Add(name, new PickleCall(name, _ => new PickleObject(name)));
        }

        Add("collections.OrderedDict", Dictionary);
        Add("torch.Size", arguments => arguments is [object?[] extents] ? extents : throw Wrong("torch.Size"));
        Add("torch._utils._rebuild_tensor", Tensor);
        Add("torch._utils._rebuild_tensor_v2", Tensor);
        Add("torch._utils._rebuild_parameter", Parameter);
        Add("torch._utils._rebuild_parameter_with_state", Parameter);
        return names;

        void Add(string name, Func<object?[], object?> result) => names.Add(name, new PickleCall(name, result));
    }

    /// <summary>A dictionary, empty or from a list of pairs, as Python 2 writes it.</summary>
    private static PickleDictionary Dictionary(object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        List<object?> pairs = arguments switch
        {
            [] => [],
            [List<object?> list] => list,
            _ => throw Wrong("collections.OrderedDict"),
        };
        foreach (object? pair in pairs)
        {
            dictionary.Pairs.Add(pair switch
            {
                object?[] and [var key, var value] => (key, value),
                List<object?> and [var key, var value] => (key, value),
                _ => throw Wrong("collections.OrderedDict"),
            });
        }

        if (pairs.Count > 0)
        {
            // Python writes a list for each dictionary. One list for many would make a short pickle take much memory.
            pairs.Clear();
            pairs.Add(null);
        }

        return dictionary;
    }

    private static TorchTensor Tensor(object?[] arguments) =>
        arguments is [TorchStorage storage, long offset, object?[] shape, object?[] strides, ..]
            && shape.All(extent => extent is long) && strides.All(stride => stride is long)
            ? new TorchTensor(storage, TensorLayout.Checked(offset, [.. shape.Cast<long>()], [.. strides.Cast<long>()], storage.Count))
            : throw Wrong("torch._utils._rebuild_tensor_v2");

    /// <summary>A parameter is the tensor that it holds.</summary>
    private static TorchTensor Parameter(object?[] arguments) =>
        arguments is [TorchTensor tensor, ..] ? tensor : throw Wrong("torch._utils._rebuild_parameter");

    private static DamagedFileException Wrong(string name) =>
        new($"the pickle is damaged: it calls {name} with other arguments than torch.save writes.");
}
