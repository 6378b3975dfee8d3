using System.Collections.Generic;
using System.Linq;

namespace Strata.Numerics.Tests.Oracle;

/// <summary>Attention of queries, keys and values that are tensors of their own; a fourth one is the mask.</summary>
internal sealed record ScaledDotProductAttention(params IReadOnlyList<Layer>[] Paths) : Branches(Paths)
{
    public int Heads { get; init; } = 1;

    public bool Causal { get; init; }

    private string[] Arguments =>
        [.. Heads == 1 ? Enumerable.Empty<string>() : [$"Heads = {Heads}"], .. Causal ? new[] { "Causal = true" } : []];

    public override string Attribute => Arguments.Length == 0 ? nameof(ScaledDotProductAttention)
        : $"{nameof(ScaledDotProductAttention)}({string.Join(", ", Arguments)})";

    public override string Joining(string names) => $"{nameof(ScaledDotProductAttention)}({string.Join(", ", Arguments.Prepend(names))})";

    protected override Extents Joined(Extents[] branches)
    {
        if (branches.Length is not (3 or 4) || branches.Take(3).Any(branch => branch.Rank != 2))
        {
            return default;
        }

        (Extents q, Extents k, Extents v) = (branches[0], branches[1], branches[2]);
        bool fits = q.Channels == k.Channels && k.Width == v.Width && q.Channels % Heads == 0 && v.Channels % Heads == 0;
        if (branches.Length == 4)
        {
            Extents mask = branches[3];
            fits &= new[] { q.Width, 1 }.Any(rows => mask == Extents.Sequence(rows, k.Width) || mask == Extents.Image(1, rows, k.Width)
                || mask == Extents.Image(Heads, rows, k.Width));
        }

        return fits ? Extents.Sequence(v.Channels, q.Width) : default;
    }

    protected override void JoinForward(Extents[] inputs, Numbers[] branches, Numbers y)
    {
        Numbers result = Products(inputs, branches).Result;
        result.Value.CopyTo(y.Value, 0);
        result.Variance.CopyTo(y.Variance, 0);
    }

    protected override void JoinBackward(Extents[] inputs, Numbers dy, Numbers[] branches, Numbers[] gradients)
    {
        foreach ((Numbers from, Numbers to) in Products(inputs, branches).Backward(dy).Zip(gradients))
        {
            from.Value.CopyTo(to.Value, 0);
            from.Variance.CopyTo(to.Variance, 0);
        }
    }

    private ScaledDotProducts Products(Extents[] inputs, Numbers[] branches) => new(
        Heads, Causal, inputs[0].Width, inputs[1].Width, branches[0], branches[1], branches[2], branches.ElementAtOrDefault(3),
        inputs.Length < 4 ? null : inputs[3].Rank == 2 ? inputs[3].Channels : inputs[3].Height);
}
