using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Strata.Generator.KernelLanguage;
using Strata.Generator.Operators;

namespace Strata.Generator.Declarations;

/// <summary>An operator that a project or a reference declares, as a layer of the language.</summary>
internal sealed class DeclaredLayer(DeclaredOperator declared) : LayerOperator, IDeclared
{
    private readonly DeclaredUse? _use;

    private DeclaredLayer(DeclaredOperator declared, DeclaredUse use)
        : this(declared) => _use = use;

    public DeclaredOperator Declaration => declared;

    public DeclaredUse? Use => _use;

    public override string Kind => declared.Kind;

    public override string Type => declared.Key;

    public override string Stem => declared.Kind.ToLowerInvariant();

    public override bool JoinsBranches => declared.Inputs.Count == 2;

    public override string NamesArgument => "Tensors";

    public override OperatorDocumentation Documentation => new(
        $"[{Kind}]", JoinsBranches ? "as PyTorch broadcasts two tensors" : "unchanged", declared.Summary, "", "");

    public string[] OwnArguments => ["Name", "From", "Frozen", NamesArgument];

    public Operator At(ConstantEvaluator constants, string identifier) =>
        new DeclaredLayer(declared, DeclaredUse.Of(declared, constants, identifier));

    public override LayerDefinition Bind(AttributeArguments arguments)
    {
        // Without values for its constants, which is reported, a layer has its members all the same.
        DeclaredUse use = _use ?? DeclaredUse.Unknown(declared);
        return new ElementwiseDefinition(
            use.Identifier, Kind, use.Value,
            declared.Inputs.Select(DeclaredOperator.InputOf).ToEquatableArray(),
            declared.Trained.Zip(use.Initials, (trained, initial) => new ElementParameter(
                DeclaredOperator.TrainedOf(trained.Name), trained.Key, initial, trained.IsPerChannel)).ToEquatableArray());
    }

    public override bool Equals(Operator? other) =>
        other is IDeclared one && one.Declaration.Equals(declared) && Equals(one.Use, _use);

    public override int GetHashCode() => declared.GetHashCode();
}

/// <summary>A loss that a project or a reference declares.</summary>
internal sealed class DeclaredLoss(DeclaredOperator declared) : LossOperator, IDeclared
{
    private readonly DeclaredUse? _use;

    private DeclaredLoss(DeclaredOperator declared, DeclaredUse use)
        : this(declared) => _use = use;

    public DeclaredOperator Declaration => declared;

    public DeclaredUse? Use => _use;

    public override string Kind => declared.Kind;

    public override string Type => declared.Key;

    public override OperatorDocumentation Documentation => new($"[{Kind}]", "any", declared.Summary, "", "");

    public string[] OwnArguments => ["From", "Weight", "Target", "Reduction"];

    public Operator At(ConstantEvaluator constants, string identifier) =>
        new DeclaredLoss(declared, DeclaredUse.Of(declared, constants, identifier));

    public override LossDefinition Bind(AttributeArguments arguments)
    {
        DeclaredUse use = _use ?? DeclaredUse.Unknown(declared);
        if (declared.Inputs.Count != 2)
        {
            return new ElementLossDefinition(use.Value, Graph.Reduction.Mean);
        }

        (Variable output, Variable target) = (DeclaredOperator.InputOf(declared.Inputs[0]), DeclaredOperator.InputOf(declared.Inputs[1]));
        Expression value = use.Value.Replace(
            part => part.Equals(output) ? Graph.ElementLoss.Y : part.Equals(target) ? Graph.ElementLoss.T : null);
        return new ElementLossDefinition(value, arguments.Enum<Graph.Reduction>("Reduction"));
    }

    public override bool Equals(Operator? other) =>
        other is IDeclared one && one.Declaration.Equals(declared) && Equals(one.Use, _use);

    public override int GetHashCode() => declared.GetHashCode();
}

/// <summary>An operator whose class is not the language's.</summary>
internal interface IDeclared
{
    DeclaredOperator Declaration { get; }

    /// <summary>What its constants are at one use; null before it is used.</summary>
    DeclaredUse? Use { get; }

    /// <summary>Arguments of every such layer or loss. All others are its parameters.</summary>
    string[] OwnArguments { get; }

    /// <summary>The operator with the values of its constants at one use.</summary>
    /// <param name="identifier">A C# identifier that no other formula of the network has.</param>
    /// <exception cref="ConstantException">A constant has no value there.</exception>
    Operator At(ConstantEvaluator constants, string identifier);
}

/// <summary>What the constants of an operator become at one use.</summary>
/// <param name="Initials">The initial values of the trained numbers.</param>
internal sealed record DeclaredUse(string Identifier, Expression Value, EquatableArray<double> Initials)
{
    /// <summary>The operator that a declaration is.</summary>
    public static Operator OperatorOf(DeclaredOperator declared) =>
        declared.IsLoss ? new DeclaredLoss(declared) : new DeclaredLayer(declared);

    /// <summary>What takes the place of a use whose problems are reported.</summary>
    public static DeclaredUse Unknown(DeclaredOperator declared) =>
        new(declared.Kind, new Constant(0), declared.Trained.Select(_ => 0.0).ToEquatableArray());

    public static DeclaredUse Of(DeclaredOperator declared, ConstantEvaluator constants, string identifier) => new(
        identifier,
        declared.At(constants) ?? throw new InvalidOperationException($"{declared.Key} has no formula."),
        declared.Trained.Select(trained => DeclaredOperator.ValueOf(constants.Evaluate(new ConstantReference(trained.Name))).Value)
            .ToEquatableArray());

    /// <summary>
    /// A C# identifier for a formula: the operator's name with the arguments of a use, <c>BetaMish_1_5</c>. Operators that share a name
    /// have their namespaces in it.
    /// </summary>
    public static string IdentifierOf(DeclaredOperator declared, bool isAmbiguous, IEnumerable<object?> arguments)
    {
        string name = isAmbiguous ? declared.Key.Replace("[", "From_") : declared.Kind;
        string text = string.Join(
            "_", arguments.Select(argument => Convert.ToString(argument, CultureInfo.InvariantCulture)).Prepend(name));
        return string.Concat(text.Select(c => c switch
        {
            '-' => "minus",
            _ when char.IsLetterOrDigit(c) => c.ToString(),
            _ => "_",
        }));
    }
}
