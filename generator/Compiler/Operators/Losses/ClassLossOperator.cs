using System.Linq;

namespace Strata.Compiler.Operators;

/// <summary>A loss on class indices, which takes one value for each class.</summary>
internal abstract class ClassLossOperator : LossOperator
{
    public sealed override OperatorFamily Family => OperatorFamily.Losses;

    public sealed override bool TakesClasses => true;

    /// <summary>A weight for each class. Without it, classes have none.</summary>
    protected static ArgumentSpec<EquatableArray<double>> ClassWeights { get; } =
        Property<EquatableArray<double>>("ClassWeights") with { HasDefault = false };
}

/// <summary>The base of the losses on class indices.</summary>
internal abstract record ClassLossDefinition : LossDefinition
{
    /// <summary>Reports an input with fewer than two classes.</summary>
    protected static void CheckClasses(LossContext loss)
    {
        if (loss.Input is { Channels: < 2 } input)
        {
            loss.Report(LossProblems.WrongInput(
                loss.Here, "at least two classes", input,
                "With one class the loss is always 0. Use [BinaryCrossEntropy], or one output for each class"));
        }
    }

    /// <summary>Checks the weights of the classes. The result is empty if there are none.</summary>
    protected static EquatableArray<double> Check(LossContext loss, Argument<EquatableArray<double>> classWeights)
    {
        EquatableArray<double> weights = classWeights.Value;
        string name = classWeights.Name;
        if (!classWeights.IsSet)
        {
            return weights;
        }

        if (loss.Input is { Channels: var classes } && weights.Count != classes)
        {
            loss.Report(ArgumentProblems.WrongCount(loss.At(name), name, weights.Count, classes, "class"));
        }

        foreach (double weight in weights)
        {
            // Kernels store the weights as floats.
            if (!(weight >= 0 && weight <= float.MaxValue))
            {
                loss.Report(ArgumentProblems.OutOfRange(loss.At(name), $"a number of {name}", weight, "a finite number, at least 0"));
            }
        }

        if (weights.Count > 0 && weights.All(weight => weight == 0))
        {
            loss.Report(ArgumentProblems.OutOfRange(
                loss.At(name), name, "0 for every class", "a number of more than 0 for each class that counts"));
        }

        return weights;
    }
}
