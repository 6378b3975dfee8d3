using System;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;

namespace Strata.Compiler.Operators;

/// <summary>What a definition gets besides its arguments: its name in messages, its place, and the log of problems.</summary>
/// <param name="site">Its place. Definitions only pass it on.</param>
internal abstract class DefinitionContext(Site site, string kind, ProblemLog problems)
{
    private readonly HashSet<ProblemKey> _reported = [];

    /// <summary>2⁻¹²⁶, the smallest normal number of single precision.</summary>
    public const double SmallestNormal = 1.17549435082228751e-38;

    /// <summary>The operator's name: <c>Conv2D</c>.</summary>
    public string Kind { get; } = kind;

    /// <summary>How messages call it.</summary>
    public virtual string Label => Kind;

    /// <summary>Whether an error was reported through this context.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Checks that a number is finite as a float, and at least or more than <paramref name="least"/>.</summary>
    public double Finite(
        Argument<double> argument, double least, bool orEqual, [CallerArgumentExpression(nameof(argument))] string parameter = "")
    {
        float single = (float)argument.Value;
        if (!(orEqual ? single >= least : single > least) || float.IsInfinity(single))
        {
            Report(ArgumentProblems.OutOfRange(
                At(argument.Name), NameOf(argument, parameter), argument.Value,
                $"a finite number, {(orEqual ? "at least" : "more than")} {Arithmetic.Number(least)}"));
        }

        return argument.Value;
    }

    /// <summary>Checks that a number is finite as a float.</summary>
    public double Finite(Argument<double> argument, [CallerArgumentExpression(nameof(argument))] string parameter = "")
    {
        float single = (float)argument.Value;
        if (float.IsNaN(single) || float.IsInfinity(single))
        {
            Report(ArgumentProblems.OutOfRange(
                At(argument.Name), NameOf(argument, parameter), argument.Value, "a finite 32-bit number"));
        }

        return argument.Value;
    }

    /// <summary>Checks that a number is from 0 to 1.</summary>
    public double Share(Argument<double> argument, [CallerArgumentExpression(nameof(argument))] string parameter = "")
    {
        // This form of the condition is true for NaN, too.
        if (!(argument.Value >= 0 && argument.Value <= 1))
        {
            Report(ArgumentProblems.OutOfRange(
                At(argument.Name), NameOf(argument, parameter), argument.Value, "a number from 0 to 1"));
        }

        return argument.Value;
    }

    /// <summary>
    /// The ε of a normalisation, which is added to the variance. 0 becomes the smallest normal float: nothing is then divided by 0 if all
    /// deviations are 0, as in lanes without a sample. No other variance changes by it.
    /// </summary>
    public double Epsilon(Argument<double> epsilon) => Math.Max(Finite(epsilon, 0, orEqual: true), SmallestNormal);

    /// <summary>Checks that an integer is at least <paramref name="least"/>.</summary>
    public int AtLeast(int least, Argument<int> argument, [CallerArgumentExpression(nameof(argument))] string parameter = "")
    {
        if (argument.Value < least)
        {
            Report(ArgumentProblems.OutOfRange(
                At(argument.Name), NameOf(argument, parameter), argument.Value, $"at least {Arithmetic.Number(least)}"));
        }

        return argument.Value;
    }

    /// <summary>Checks that an integer is from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int InRange(int least, int most, Argument<int> argument, [CallerArgumentExpression(nameof(argument))] string parameter = "")
    {
        if (argument.Value < least || argument.Value > most)
        {
            Report(ArgumentProblems.OutOfRange(
                At(argument.Name), NameOf(argument, parameter), argument.Value,
                $"a number from {Arithmetic.Number(least)} to {Arithmetic.Number(most)}"));
        }

        return argument.Value;
    }

    /// <summary>Checks that a value is a member of its enum. If it is not, the result is the first member.</summary>
    public T OneOf<T>(Argument<T> argument, [CallerArgumentExpression(nameof(argument))] string parameter = "")
        where T : struct, Enum
    {
        if (Enum.IsDefined(typeof(T), argument.Value))
        {
            return argument.Value;
        }

        long number = Convert.ToInt64(argument.Value, CultureInfo.InvariantCulture);
        Report(ArgumentProblems.OutOfRange(At(argument.Name), NameOf(argument, parameter), number, "one of the names of its enum"));
        return default;
    }

    /// <summary>Checks that a set of axes has at least one, and no other than those of a sample.</summary>
    public Axes SomeOf(Argument<Axes> argument, [CallerArgumentExpression(nameof(argument))] string parameter = "")
    {
        if (argument.Value is <= Axes.None or > Axes.All)
        {
            Report(ArgumentProblems.OutOfRange(
                At(argument.Name), NameOf(argument, parameter), (int)argument.Value, "one or more members of Axes"));
        }

        return argument.Value;
    }

    /// <summary>How messages call an argument.</summary>
    private static string NameOf<T>(Argument<T> argument, string parameter) => argument.Name.Length > 0 ? argument.Name : parameter;

    /// <summary>What a problem of the whole attribute is about.</summary>
    public Subject Here => new(site, Label);

    /// <summary>What a problem of an argument is about.</summary>
    public Subject At(string argument) => Here.At(argument);

    public void Report(Problem problem)
    {
        HasErrors |= problem.IsError;

        // All axes may read one argument, and each finds it wrong: that is one mistake of the user.
        if (_reported.Add(problem.Key))
        {
            problems.Add(problem);
        }
    }
}

internal sealed class InputContext(Site site, ProblemLog problems) : DefinitionContext(site, ChannelOrder.Kind, problems)
{
    /// <summary>The order that was most likely meant; null if there is no doubt about the one that is declared.</summary>
    public ChannelOrder? Order { get; private set; }

    /// <summary>Warns that the channels seem to be last.</summary>
    public void DoubtOrder(Shape declared, Shape meant)
    {
        Order = new ChannelOrder(Here.Site, declared, meant);
        Report(ShapeProblems.ChannelsLast(Order));
    }
}

/// <summary>A tensor that a layer reads.</summary>
/// <param name="FirstLayer">
/// For a join of branches: the label of the first layer of the branch that ends here; null where the branch has no layers.
/// </param>
internal readonly record struct LayerInput(Shape Shape, string? FirstLayer = null)
{
    /// <summary>The tensor's name, for a join of named tensors.</summary>
    public string? Name { get; init; }

    /// <summary>Finds the layer of this branch that last changed an extent. It gives the label, or null if no layer changed it.</summary>
    public Func<Func<Shape, int>, string?>? Since { get; init; }

    /// <summary>The operation that computes the tensor, for a layer with a partner.</summary>
    public Operation? Operation { get; init; }

    public bool IsIdentity => FirstLayer is null && Name is null;

    /// <summary>How messages call the branch.</summary>
    public string Origin => Name is not null ? $"'{Name}'" : FirstLayer is null ? "the empty branch" : $"the branch of {FirstLayer}";
}

/// <param name="inputs">
/// The tensors that the layer reads: one, or one for each branch of a join. Null if a layer before this one failed; then only the
/// arguments are checked.
/// </param>
internal sealed class LayerContext(Site site, string kind, ProblemLog problems, string name, IReadOnlyList<LayerInput>? inputs)
    : DefinitionContext(site, kind, problems)
{
    public string Name { get; } = name;

    /// <summary>The doubt about the order of the network's only input; null if there is none.</summary>
    public ChannelOrder? Order { get; init; }

    public IReadOnlyList<LayerInput>? Inputs { get; } = inputs;

    /// <summary>The shape of the (first) tensor that the layer reads.</summary>
    public Shape? Input => Inputs?[0].Shape;

    public override string Label => $"{Kind} '{Name}'";

    /// <summary>The shapes of the two tensors that the layer reads. Another number of tensors is reported.</summary>
    /// <param name="remedy">What the two are, or what to do with more.</param>
    public (Shape First, Shape Second)? Two(string remedy)
    {
        if (Inputs is not { } inputs || HasErrors)
        {
            return null;
        }

        if (inputs.Count == 2)
        {
            return (inputs[0].Shape, inputs[1].Shape);
        }

        Report(BranchProblems.TooFew(Here, $"{Arithmetic.Number(inputs.Count)} tensors", $"It takes two: {remedy}"));
        return null;
    }

    /// <summary>
    /// Checks the number of the input's dimensions besides channels: 1 (length), 2 (height and width) or 3 (depth, height and width).
    /// A wrong number is reported. The result is true if the input is not known.
    /// </summary>
    public bool HasDimensions(int dimensions)
    {
        if (Input is not { } input || input.Rank == dimensions + 1)
        {
            return true;
        }

        string extents = dimensions switch { 1 => "length", 2 => "height×width", _ => "depth×height×width" };
        string sibling = Kind.Substring(0, Kind.Length - 2) + Arithmetic.Number(input.Rank - 1) + "D";
        bool hasSibling = input.Rank > 1 && OperatorSet.FindBuiltIn(sibling) is not null;
        Report(ShapeProblems.WrongDimensions(
            Here, "channels×" + extents, input,
            hasSibling
                ? $"Use [{sibling}]"
                : $"Place it before the tensor becomes flat, or declare [Input(channels, {extents.Replace("×", ", ")})]",
            hasSibling ? [new Fix(FixKind.RenameAttribute, sibling)] : []));
        return false;
    }

    /// <summary>Reports that an extent of the output is less than 1.</summary>
    /// <param name="argument">The argument that decides it.</param>
    /// <param name="axis">Its name.</param>
    /// <param name="formula">The extent as a formula with its value.</param>
    public void ReportTooLarge(string argument, string axis, string formula, Shape input, string advice) =>
        Report(WindowProblems.TooLarge(At(argument), axis, formula, input, advice, Order));
}

/// <summary>A layer right before another one in the same scope. No other layer refers to its output.</summary>
internal readonly record struct LayerBefore(string Name, bool IsNamed);

/// <param name="before">The layers before the loss, the nearest first.</param>
/// <param name="source">The layer whose output the loss reads; null if it is not known.</param>
/// <param name="layers">Layers before the loss.</param>
internal sealed class LossContext(
    Site site, string kind, ProblemLog problems, Shape? input, Node? source, IReadOnlyList<Node> layers,
    IReadOnlyList<LayerBefore> before)
    : DefinitionContext(site, kind, problems)
{
    public Shape? Input { get; } = input;

    public IReadOnlyList<Node> Layers { get; } = layers;

    /// <summary>
    /// Looks for an activation before a loss on logits, and warns of it. Layers that only move or drop values are skipped. The only
    /// activation allowed is the one that the loss is fused with.
    /// </summary>
    /// <param name="partner">What messages call that activation.</param>
    public void WarnOfActivation(string partner, Func<Operation, bool> isPartner)
    {
        if (source is not { } last)
        {
            return;
        }

        // An edit can only move or remove a layer that is right before the loss, in the same scope.
        bool stands = true;
        int number = 0;
        for (Node layer = last; layer.Inputs.Count > 0; layer = Layers[layer.Inputs[0]], number++)
        {
            stands = stands && number < before.Count && before[number].Name == layer.Name;
            bool found = isPartner(layer.Operation);
            if (found && layer == last)
            {
                return;
            }

            if (found)
            {
                Report(LossProblems.BehindActivation(
                    Here, $"{last.Kind} '{last.Name}'", partner,
                    $"{layer.Kind} '{layer.Name}' would be applied a second time: move it to the end",
                    stands ? [new Fix(FixKind.MoveDown, layer.Kind)] : []));
                return;
            }

            if (layer.Operation.AsActivation is { IsPart: false } || layer.Operation.GivesProbabilities)
            {
                Report(LossProblems.BehindActivation(
                    Here, $"{layer.Kind} '{layer.Name}'", partner,
                    $"Remove that activation, or use [{char.ToUpperInvariant(partner[0])}{partner.Substring(1)}]",
                    stands && !before[number].IsNamed ? [new Fix(FixKind.RemoveBefore, layer.Kind)] : []));
                return;
            }

            if (!layer.Operation.IsView && !layer.Operation.IsForTraining)
            {
                return;
            }
        }
    }
}
