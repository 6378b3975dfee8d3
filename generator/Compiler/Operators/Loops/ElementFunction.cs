using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;

namespace Strata.Compiler.Operators;

/// <summary>A tensor that an elementwise function reads.</summary>
/// <param name="Variable">The formula's variable for its elements.</param>
internal sealed record ElementInput(Variable Variable, Shape Shape);

/// <summary>A gradient that is not what the formula's derivative says.</summary>
/// <param name="Of">The variable.</param>
/// <param name="Gradient">Its gradient, in terms of the formula's variables and of <see cref="ElementFunction.OutputGradient"/>.</param>
internal sealed record OwnGradient(Variable Of, Expression Gradient);

/// <summary>A number of a formula, which is trained as a rule.</summary>
/// <param name="Variable">The formula's variable for the number.</param>
/// <param name="Suffix">The last part of its key, such as weight.</param>
/// <param name="Initial">Its initial value.</param>
/// <param name="PerChannel">Whether each channel of the result has its own number.</param>
internal sealed record ElementParameter(Variable Variable, string Suffix, double Initial, bool PerChannel)
{
    /// <summary>Whether it is trained. If it is not, it is a buffer: files have it, and training leaves it as it is.</summary>
    public bool IsTrained { get; init; } = true;

    /// <summary>Its name in kernels. A suffix that users choose is not used, since other things there may have its name.</summary>
    public string KernelName { get; init; } = Suffix;

    /// <summary>The name of the local with its value in kernels.</summary>
    public string LocalName => KernelName + "Value";

    /// <summary>Its value for a channel.</summary>
    public Expression In(LoopPass pass, Index c) =>
        pass.Parameter(Suffix, KernelName) is var values && PerChannel ? values[c] : values.At(0);
}

/// <summary>
/// An elementwise function of one or more tensors and of numbers. Its formula is all that lowering knows of it. The gradients are
/// derived from the formula.
/// </summary>
/// <remarks>
/// Tensors are broadcast as in PyTorch: along an axis where a tensor has one element and another has several, the one element is repeated.
/// All tensors have the same rank, because in PyTorch's alignment the axis of the batch must meet the axis of the batch.
/// <para>
/// A lane has no element if there are fewer samples than lanes, or if it comes after the last channel. Training adds up such lanes times 0:
/// in gradients of weights, for example. So they must hold finite numbers. A formula such as ln x is not finite where they hold 0. Unless
/// <see cref="Ranges"/> proves that a formula is finite, training stores 0 in these lanes. Inference never adds them up.
/// </para>
/// </remarks>
/// <param name="Value">The formula, in terms of the variables of inputs and numbers.</param>
/// <param name="Inputs">The tensors, in the order of the layer's inputs.</param>
/// <param name="Numbers">The numbers, in the order of the parameters.</param>
internal sealed record ElementFunction(Expression Value, EquatableArray<ElementInput> Inputs, EquatableArray<ElementParameter> Numbers)
    : LoopOperation
{
    /// <summary>The output's gradient. Its name is no identifier of C#, so it cannot collide.</summary>
    public static readonly Variable OutputGradient = new("#gradient");

    /// <summary>
    /// The identifier and the title of a function of two tensors. With them, the layer before it can apply it; see
    /// <see cref="JoinFunction"/>.
    /// </summary>
    public (string Identifier, string Title)? Name { get; init; }

    /// <summary>Gradients that are not derived from the formula, by their variables.</summary>
    public EquatableArray<OwnGradient> OwnGradients { get; init; } = EquatableArray<OwnGradient>.Empty;

    /// <summary>Whether it only prepares numbers for other layers, and is no activation, though it reads one tensor.</summary>
    public bool IsPart { get; init; }

    /// <summary>The integers that its result stands for; null for none.</summary>
    public RoundedRange? Rounding { get; init; }

    public override RoundedRange? AsRounding => Rounding;

    public override Expression? FormulaOf(IReadOnlyList<Variable> inputs, Func<string, Variable> number)
    {
        Dictionary<Expression, Variable> names = Inputs.Zip(inputs, (input, variable) => (input.Variable, variable))
            .Concat(Numbers.Select(own => (own.Variable, number(own.Suffix))))
            .ToDictionary(pair => (Expression)pair.Item1, pair => pair.Item2);
        return Inputs.Count > inputs.Count ? null : Value.Replace(part => names.TryGetValue(part, out Variable? name) ? name : null);
    }

    /// <summary>The output's shape.</summary>
    public Shape Result { get; } = Broadcast([.. Inputs.Select(input => input.Shape)])
        ?? throw new ArgumentException($"These shapes do not fit together: {string.Join(", ", Inputs.Select(input => input.Shape))}.");

    public override Dependence Dependence => Dependence.Channel;

    public override bool TrainsInBlocks => true;

    public override bool TakesActivation => true;

    public override bool IsActivation => Inputs.Count == 1 && !IsPart;

    public override bool MultipliesInputs => Inputs.Any(
        input => GradientBy(input.Variable) is var gradient && Inputs.Any(other => other != input && gradient.Reads(other.Variable)));

    public override JoinFunction? JoinOf(int own)
    {
        if (Name is not var (identifier, title) || Inputs.Count != 2 || Numbers.Count > 0 || Inputs[0].Shape != Inputs[1].Shape)
        {
            return null;
        }

        // The variables change names at once, because each may have the name that the other gets.
        Variable first = own == 0 ? JoinFunction.X : JoinFunction.Other, second = own == 0 ? JoinFunction.Other : JoinFunction.X;
        return new JoinFunction(own == 0 ? identifier : identifier + "Reversed", title, "other", Value.Replace(
            part => part.Equals(Inputs[0].Variable) ? first : part.Equals(Inputs[1].Variable) ? second : null));
    }

    public override bool IsDifferentiable(int input) => !GradientBy(Inputs[input].Variable).IsZero();

    public override Reach ReachOf(Shape input, Shape output) => Reach.Broadcast(input, output);

    public override EquatableArray<ParameterSpec> Parameters(Shape input) => Numbers.Select(number =>
        new ParameterSpec(number.Suffix, EquatableArray.Of(number.PerChannel ? Result.Channels : 1), Initializer.Ones, 1, 1)
        {
            Role = number.IsTrained ? ParameterRole.NormWeight : ParameterRole.Buffer,
            Gain = number.Initial,
        }).ToEquatableArray();

    /// <summary>An activation as a function of this kind.</summary>
    public static ElementFunction From(Activation activation, Shape shape) => new(
        activation.Value, EquatableArray.Of(new ElementInput(Activation.X, shape)), EquatableArray<ElementParameter>.Empty);

    /// <summary>The shape to which tensors are broadcast; null if their shapes do not fit.</summary>
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
                ? shapes[0] with { Channels = channels, Depth = depth, Height = height, Width = width } : null;
    }

    public override void Forward(LoopPass pass) => pass.Step("", k => k.ForEachApart(pass.Output, at =>
        pass.Output[at] = Compute(k, pass, at, [Value], [])[0]));

    public override void Backward(LoopPass pass) => new ElementGradients(this, pass).Record();

    /// <summary>The formula of a variable's gradient, in terms of the output's gradient.</summary>
    public Expression GradientBy(Variable variable) =>
        OwnGradients.FirstOrDefault(own => own.Of.Equals(variable))?.Gradient ?? Differentiation.Gradient(Value, variable, OutputGradient);

    /// <summary>
    /// Computes formulas for one element. What is read twice gets a local. In training, lanes without an element become 0 where a formula
    /// may not be finite.
    /// </summary>
    /// <param name="known">The values of variables that have already been computed.</param>
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

        Bind(OutputGradient, "g", () => pass.OutputGradient[at]);
        foreach (ElementParameter number in Numbers)
        {
            Bind(number.Variable, number.LocalName, () => number.In(pass, at.C));
        }

        Expression InLocals(Expression formula) =>
            formula.Replace(part => part is Variable variable && values.TryGetValue(variable, out Expression value) ? value : null);
        Expression Masked(Expression result, int formula) =>
            pass.IsTraining && !Ranges.IsProvenFinite(formulas[formula]) && k.LanesWithElements(Result, at.C) is { } mask
                ? mask & result : result;
        int parts = 0;
        return [.. repetitions.Name(part => k.Let($"part{++parts}", InLocals(part))).Select(InLocals).Select(Masked)];
    }

    private Expression Load(Loops k, LoopTensor input, ElementIndex at)
    {
        ElementIndex own = at.Within(input.Shape, Result);
        return k.LanesAreChannels && input.Shape.Channels < Result.Channels ? input.InAllLanes(own) : input[own];
    }
}
