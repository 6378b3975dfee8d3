using System;

namespace Strata;

/// <summary>
/// Options for loading weights that don't fit exactly, such as those of another network: how much must fit, and under which names.
/// </summary>
/// <remarks>
/// <code>
/// // A backbone with another head: fc.weight has another shape here and keeps its initial values.
/// var options = new WeightsLoadOptions { Strict = false, SkipMismatched = true };
/// WeightsLoadReport report = net.Load("resnet18.safetensors", options);
/// </code>
/// </remarks>
public sealed record WeightsLoadOptions
{
    /// <summary>
    /// Whether the file must hold every parameter and nothing else. If false, parameters that the file lacks keep their values, and tensors
    /// that the network lacks are skipped. Default true.
    /// </summary>
    public bool Strict { get; init; } = true;

    /// <summary>
    /// Whether to skip tensors of another shape, or of a type that cannot be converted. Needs <see cref="Strict"/> = false. By default
    /// (false) they are errors, as in PyTorch.
    /// </summary>
    public bool SkipMismatched { get; init; }

    /// <summary>
    /// A prefix that the file's names have before the network's keys: <c>model.</c>, <c>module.</c>, <c>backbone.</c>. Tensors without it
    /// count as unexpected. Default empty.
    /// </summary>
    public string Prefix { get; init; } = "";

    /// <summary>
    /// Turns a name in the file (without the <see cref="Prefix"/>) into the network's key. A tensor for which it gives null counts as
    /// unexpected: an error, or skipped if <see cref="Strict"/> is false. Default null: names are keys.
    /// </summary>
    public Func<string, string?>? Rename { get; init; }

    /// <summary>
    /// The most bytes of the file's header, which describes its tensors. Reading a header takes a few times its length in memory. From 1 to
    /// 100,000,000, the format's limit. Default 10,000,000, enough for more than 50,000 tensors.
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

    /// <summary>
    /// What messages call the weights, such as a download's address. Default null: the path of a file, otherwise "stream" or "memory".
    /// </summary>
    public string? SourceName { get; init; }
}
