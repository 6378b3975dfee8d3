using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>A layer whose operator a project or a reference declares.</summary>
internal sealed class DeclaredLayer(DeclaredOperator declared, DeclaredUse? use) : LayerOperator, IDeclared
{
    public DeclaredOperator Declaration => declared;

    public DeclaredUse? Use => use;

    public override string Kind => declared.Kind;

    public override string Type => declared.Key;

    public override OperatorFamily Family => JoinsBranches ? OperatorFamily.Joins : OperatorFamily.Activations;

    public override string Stem => declared.Kind.ToLowerInvariant();

    public override bool JoinsBranches => declared.Inputs.Count == 2;

    public override string NamesArgument => "Tensors";

    public override OperatorDocumentation Documentation => new(
        $"[{Kind}]", JoinsBranches ? "as PyTorch broadcasts two tensors" : "unchanged", "", "", "");

    public string[] OwnArguments => [.. CommonArguments.OfLayers.Select(argument => argument.Name), NamesArgument];

    public override bool IsInitial(string argument) => declared.InitialConstants.Contains(argument);

    public override Signature<LayerDefinition> Signature => Takes(Definition);

    private ElementwiseDefinition Definition()
    {
        // If its constants have no values, this has been reported. The layer gets its members nevertheless.
        DeclaredUse known = use ?? DeclaredUse.Unknown(declared);
        return new ElementwiseDefinition(
            known.Identifier, Kind, known.Value,
            declared.Inputs.Select(DeclaredOperator.InputOf).ToEquatableArray(),
            declared.Trained.Select((trained, i) => new ElementParameter(
                DeclaredOperator.TrainedOf(trained.Name), trained.Key, known.Initials[i], trained.IsPerChannel)
            {
                KernelName = $"trained{Arithmetic.Number(i)}",
            }).ToEquatableArray());
    }

    public override bool Equals(Operator? other) =>
        other is IDeclared one && one.Declaration.Equals(declared) && Equals(one.Use, use);

    public override int GetHashCode() => declared.GetHashCode();
}

/// <summary>A loss that a project or a reference declares.</summary>
internal sealed class DeclaredLoss(DeclaredOperator declared, DeclaredUse? use) : LossOperator, IDeclared
{
    public DeclaredOperator Declaration => declared;

    public DeclaredUse? Use => use;

    public override string Kind => declared.Kind;

    public override string Type => declared.Key;

    public override OperatorFamily Family => OperatorFamily.Losses;

    public override OperatorDocumentation Documentation => new($"[{Kind}]", "any", "", "", "");

    public string[] OwnArguments =>
        [.. CommonArguments.OfLosses.Concat(Signature.Arguments).Select(argument => argument.Name)];

    public override Signature<LossDefinition> Signature => Takes(Reductions(), Definition);

    private LossDefinition Definition(Argument<Compiler.Graph.Reduction> reduction)
    {
        DeclaredUse known = use ?? DeclaredUse.Unknown(declared);
        if (declared.Inputs.Count != 2)
        {
            return new ElementLossDefinition(known.Value, Compiler.Graph.Reduction.Mean);
        }

        (Variable output, Variable target) = (DeclaredOperator.InputOf(declared.Inputs[0]), DeclaredOperator.InputOf(declared.Inputs[1]));
        Expression value = known.Value.Replace(
            part => part.Equals(output) ? Compiler.Graph.ElementLoss.Y : part.Equals(target) ? Compiler.Graph.ElementLoss.T : null);
        return new ElementLossDefinition(value, reduction);
    }

    public override bool Equals(Operator? other) =>
        other is IDeclared one && one.Declaration.Equals(declared) && Equals(one.Use, use);

    public override int GetHashCode() => declared.GetHashCode();
}

/// <summary>An operator that a project or a reference declares.</summary>
internal interface IDeclared
{
    DeclaredOperator Declaration { get; }

    /// <summary>The values of its constants at its use; null before it is used.</summary>
    DeclaredUse? Use { get; }

    /// <summary>The arguments that every such layer or loss has. All others are parameters of the operator.</summary>
    string[] OwnArguments { get; }
}

/// <summary>An operator at one use, with the values of its constants.</summary>
/// <param name="Initials">The initial values of the trained numbers.</param>
internal sealed record DeclaredUse(string Identifier, Expression Value, EquatableArray<double> Initials)
{
    /// <summary>The operator of a declaration: a layer or a loss.</summary>
    /// <param name="use">The values of its constants at its use; null before it is used.</param>
    public static Operator OperatorOf(DeclaredOperator declared, DeclaredUse? use = null) =>
        declared.IsLoss ? new DeclaredLoss(declared, use) : new DeclaredLayer(declared, use);

    /// <summary>A placeholder for a use whose problems have been reported.</summary>
    public static DeclaredUse Unknown(DeclaredOperator declared) =>
        new(declared.Kind, new Constant(0), declared.Trained.Select(_ => 0.0).ToEquatableArray());

    /// <summary>Computes the constants of a use.</summary>
    /// <exception cref="ConstantException">A constant has no value at the use.</exception>
    public static DeclaredUse Evaluate(DeclaredOperator declared, ConstantEvaluator constants, string identifier) => new(
        identifier,
        declared.At(constants) ?? throw new InvalidOperationException($"{declared.Key} has no formula."),
        declared.Trained.Select(trained => DeclaredOperator.ValueOf(new ConstantReference(trained.Name), constants).Value)
            .ToEquatableArray());

    /// <summary>
    /// A C# identifier for a formula: the operator's name with the arguments of a use, such as <c>BetaMish_1_5</c>. If several operators
    /// have the same name, it contains the namespace. It begins with a capital letter, as no local of a kernel does. Other formulas may
    /// have the same one.
    /// </summary>
    public static string IdentifierOf(DeclaredOperator declared, bool isAmbiguous, IEnumerable<object?> arguments)
    {
        string name = isAmbiguous ? declared.Key.Replace("[", "From_") : declared.Kind;
        string text = string.Join(
            "_", arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)).Prepend(name));
        string identifier = string.Concat(text.Select(c => c switch
        {
            '-' => "minus",
            _ when char.IsLetterOrDigit(c) => c.ToString(),
            _ => "_",
        }));
        return char.ToUpperInvariant(identifier[0]) is var first and >= 'A' and <= 'Z'
            ? first + identifier.Substring(1) : "Function" + identifier;
    }
}
