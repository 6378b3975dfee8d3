using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Generator.Graph;
using Strata.Generator.KernelLanguage;

namespace Strata.Generator.Operators;

/// <summary>A tensor that a function of elements reads.</summary>
/// <param name="Variable">What the formula calls its element.</param>
internal sealed record ElementInput(Variable Variable, Shape Shape);

/// <summary>A number of a formula that training learns.</summary>
/// <param name="Variable">What the formula calls it.</param>
/// <param name="Suffix">The last part of its key.</param>
/// <param name="Initial">Its value in a fresh network.</param>
/// <param name="PerChannel">Whether each channel of the result has a number of its own.</param>
internal sealed record ElementParameter(Variable Variable, string Suffix, double Initial, bool PerChannel)
{
    /// <summary>
    /// What kernels call it. Users choose suffixes, which must not collide with what kernels call other things.
    /// </summary>
    public string KernelName => Suffix is "weight" or "bias" ? Suffix : "trained" + char.ToUpperInvariant(Suffix[0]) + Suffix.Substring(1);

    /// <summary>What kernels call its value.</summary>
    public string LocalName => KernelName + "Value";

    /// <summary>Its value for a channel.</summary>
    public Expression In(LoopPass pass, Index c) =>
        pass.Parameter(Suffix, KernelName) is var values && PerChannel ? values[c] : values.At(0);
}

/// <summary>
/// A function of the elements at one place of one or more tensors, and of numbers that training learns: its formula is all that lowering
/// knows of it. The gradients are derived from the formula.
/// </summary>
/// <remarks>
/// Tensors are broadcast as in PyTorch: along an axis where one has a single element and another has several, the single one stands for
/// all. All have the same rank, since PyTorch aligns them with the axis of the batch in front.
/// </remarks>
/// <param name="Value">In terms of the variables of the inputs and of the numbers.</param>
/// <param name="Inputs">In the order of the layer's inputs.</param>
/// <param name="Numbers">In the order of the parameters.</param>
internal sealed record ElementFunction(Expression Value, EquatableArray<ElementInput> Inputs, EquatableArray<ElementParameter> Numbers)
    : LoopOperation
{
    /// <summary>The gradient of the output. No identifier of C# is called so.</summary>
    private static readonly Variable G = new("#gradient");

    /// <summary>The output's shape.</summary>
    public Shape Result { get; } = Broadcast([.. Inputs.Select(input => input.Shape)])
        ?? throw new ArgumentException($"These shapes do not fit together: {string.Join(", ", Inputs.Select(input => input.Shape))}.");

    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override bool TakesActivation => true;

    public override bool IsActivation => Inputs.Count == 1;

    public override bool MultipliesInputs => Inputs.Any(
        input => GradientBy(input.Variable) is var gradient && Inputs.Any(other => other != input && gradient.Reads(other.Variable)));

    public override bool IsDifferentiable(int input) => !GradientBy(Inputs[input].Variable).IsZero();

    public override Reach ReachOf(Shape input, Shape output) => Reach.Broadcast(input, output);

    public override EquatableArray<ParameterSpec> Parameters(Shape input) => Numbers.Select(number =>
        new ParameterSpec(number.Suffix, EquatableArray.Of(number.PerChannel ? Result.Channels : 1), Initializer.Ones, 1, 1)
        {
            Role = ParameterRole.NormWeight,
            Gain = number.Initial,
        }).ToEquatableArray();

    /// <summary>The shape of a function of tensors of these shapes; null where they do not fit together.</summary>
    public static Shape? Broadcast(IReadOnlyList<Shape> shapes)
    {
        int? Common(Func<Shape, int> extent)
        {
            int most = shapes.Max(extent);
            return shapes.All(shape => extent(shape) == most || extent(shape) == 1) ? most : null;
        }

        return shapes.All(shape => shape.Rank == shapes[0].Rank) && Common(shape => shape.Channels) is { } channels
            && Common(shape => shape.Depth) is { } depth && Common(shape => shape.Height) is { } height
            && Common(shape => shape.Width) is { } width
                ? new Shape(shapes[0].Rank, channels, depth, height, width) : null;
    }

    public override void Forward(LoopPass pass) => pass.Step("", k => k.ForEachApart(pass.Output, at =>
        pass.Output[at] = Compute(k, pass, at, [Value], [])[0]));

    public override void Backward(LoopPass pass) => new ElementGradients(this, pass).Record();

    /// <summary>The gradient of a variable, from that of the output.</summary>
    public Expression GradientBy(Variable variable) => Differentiation.Gradient(Value, variable, G);

    /// <summary>Computes formulas at a place. What several of them read, or one of them twice, gets a local.</summary>
    /// <param name="known">Values of variables that have been computed before.</param>
    public Expression[] Compute(Loops k, LoopPass pass, ElementIndex at, IReadOnlyList<Expression> formulas,
        Dictionary<Variable, Expression> known)
    {
        var repetitions = new Repetitions([.. formulas]);
        Dictionary<Variable, Expression> values = known.ToDictionary(pair => pair.Key, pair => pair.Value);
        void Bind(Variable variable, string name, Func<Expression> load)
        {
            if (!values.ContainsKey(variable) && repetitions.UsesOf(variable) is > 0 and var uses)
            {
                values.Add(variable, uses > 1 ? k.Let(name, load()) : load());
            }
        }

        for (int i = 0; i < Inputs.Count; i++)
        {
            LoopTensor input = pass.Inputs[i];
            Bind(Inputs[i].Variable, Inputs.Count == 1 ? "value" : $"value{i}", () => Load(k, input, at));
        }

        Bind(G, "g", () => pass.OutputGradient[at]);
        foreach (ElementParameter number in Numbers)
        {
            Bind(number.Variable, number.LocalName, () => number.In(pass, at.C));
        }

        Expression InLocals(Expression formula) =>
            formula.Replace(part => part is Variable variable && values.TryGetValue(variable, out Expression value) ? value : null);
        int parts = 0;
        return [.. repetitions.Name(part => k.Let($"part{++parts}", InLocals(part))).Select(InLocals)];
    }

    private Expression Load(Loops k, LoopTensor input, ElementIndex at)
    {
        ElementIndex own = at.Within(input.Shape, Result);
        return k.LanesAreChannels && input.Shape.Channels < Result.Channels ? input.InAllLanes(own) : input[own];
    }
}
