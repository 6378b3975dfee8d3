using System;
using System.Collections.Generic;
using System.Linq;

namespace Strata;

/// <summary>How much of a weights file must fit a network, and under which names: for transfer from another network.</summary>
/// <remarks>
/// <code>
/// // A backbone with another head: fc.weight has another shape here and is left as it was drawn.
/// WeightsLoadReport report = net.Load("resnet18.safetensors", new WeightsLoadOptions { Strict = false, SkipMismatched = true });
/// </code>
/// </remarks>
public sealed record WeightsLoadOptions
{
    /// <summary>
    /// Whether every parameter must be there and nothing else. Where false, parameters that the file lacks keep their values, and
    /// tensors that the network lacks are skipped. Default true.
    /// </summary>
    public bool Strict { get; init; } = true;

    /// <summary>
    /// Whether a tensor of another shape, or of a type that cannot be converted, is skipped. Needs <see cref="Strict"/> = false.
    /// Default false: it is an error, as in PyTorch.
    /// </summary>
    public bool SkipMismatched { get; init; }

    /// <summary>
    /// What the file's names begin with before the network's keys: <c>model.</c>, <c>module.</c>, <c>backbone.</c>. Tensors whose names
    /// begin otherwise are none of the network's. Default empty.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// Makes the network's key of a name in the file, without its <see cref="Prefix"/>; null skips the tensor. Default none: the name is
    /// the key.
    /// </summary>
    public Func<string, string?>? Rename { get; init; }

    /// <summary>
    /// Most bytes of the file's header, which describes its tensors: reading a header takes a few times its length in memory. From 1 to
    /// 100,000,000, the format's limit. Default 10,000,000, with room for more than 50,000 tensors.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is out of this range.</exception>
    public int MaxHeaderLength
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, SafetensorsHeader.MaximumLength);
            field = value;
        }
    } = 10_000_000;
}

/// <summary>What was loaded of a weights file.</summary>
/// <param name="Loaded">The keys of the parameters that were replaced.</param>
/// <param name="Missing">The keys of the parameters that the file lacks. They keep their values.</param>
/// <param name="Mismatched">The keys of the parameters that have another shape in the file. They keep their values.</param>
/// <param name="Unexpected">The names of the file's tensors that the network lacks.</param>
public sealed record WeightsLoadReport(
    IReadOnlyList<string> Loaded,
    IReadOnlyList<string> Missing,
    IReadOnlyList<string> Mismatched,
    IReadOnlyList<string> Unexpected)
{
    /// <summary>How many there are of each, and their names.</summary>
    public override string ToString()
    {
        (string Kind, IReadOnlyList<string> Names)[] lists =
            [("loaded", Loaded), ("missing", Missing), ("mismatched", Mismatched), ("unexpected", Unexpected)];
        string counts = string.Join(", ", lists.Select(l => $"{l.Names.Count} {l.Kind}"));
        return string.Join('\n', lists
            .Where(l => l.Names.Count > 0)
            .Select(l => $"{l.Kind}: {string.Join(", ", l.Names.Select(name => MessageText.Show(name)))}")
            .Prepend(counts));
    }
}
