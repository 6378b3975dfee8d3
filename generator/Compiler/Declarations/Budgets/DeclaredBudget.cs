using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Diagnostics;
using Strata.Compiler.Graph;
using Strata.Compiler.Operators;

namespace Strata.Compiler.Declarations;

/// <summary>Compares what a network costs with the limits that it declares.</summary>
internal static class DeclaredBudget
{
    private const int Largest = 3;

    private static readonly string BudgetType = AttributeDeclaration.BuiltInType(nameof(Budget));

    /// <summary>Reports the layers with which a sum exceeds its limit, or a limit that is none.</summary>
    /// <param name="sources">What each node was made from.</param>
    /// <returns>The limit of the time, which is known after lowering only; null if there is none.</returns>
    public static TimeBudget? Check(
        NetworkDeclaration declaration, NetworkGraph graph, IReadOnlyList<LayerSource> sources, ProblemLog problems)
    {
        int index = declaration.IndexOf(BudgetType);
        return index < 0 ? null
            : Check(declaration, declaration.Attributes[index], new Subject(new Site(index, ""), nameof(Budget)), graph, sources, problems);
    }

    private static TimeBudget? Check(
        NetworkDeclaration declaration, AttributeDeclaration attribute, Subject subject, NetworkGraph graph,
        IReadOnlyList<LayerSource> sources, ProblemLog problems)
    {
        int before = problems.Count;
        var written = new AttributeArguments(attribute);
        var network = new NetworkDescription(graph);
        IReadOnlyList<LayerDescription> layers = network.Layers;
        Subject[] subjects = [.. layers.Select(layer => sources[layer.Node.Index].Here)];
        void Limit(ArgumentSpec<long> spec, string one, string several, IEnumerable<long> counts, long first = 0)
        {
            Argument<long> limit = written.Read(spec);
            if (limit is { IsSet: true, Value: < 1 })
            {
                problems.Add(ArgumentProblems.OutOfRange(subject.At(spec.Name), spec.Name, limit.Value, "at least 1"));
            }
            else if (limit.IsSet && Exceeded(
                subjects, [.. counts.Select(count => (double)count)], limit.Value == 1 ? one : several, limit.Value, first) is { } problem)
            {
                problems.Add(problem);
            }
        }

        Limit(Budget.Parameters, "parameter", "parameters", layers.Select(layer => (long)layer.ParameterCount));
        Limit(Budget.MultiplyAdds, "multiply-add", "multiply-adds", layers.Select(layer => layer.MultiplyAdds));
        Limit(
            Budget.ActivationBytes, "byte of activations", "bytes of activations", layers.Select(layer => layer.Bytes),
            network.InputBytes);
        TimeBudget? time = TimeOf(declaration, written, subject, subjects, problems);
        return problems.Count == before ? time : null;
    }

    /// <summary>The problem of a sum that exceeds its limit; null if it does not.</summary>
    /// <param name="layers">All layers in order.</param>
    /// <param name="counts">What each of them adds.</param>
    /// <param name="first">What the sum begins with.</param>
    public static Problem? Exceeded(IReadOnlyList<Subject> layers, double[] counts, string unit, double limit, double first = 0)
    {
        double sum = first;
        for (int i = 0; i < counts.Length; i++)
        {
            sum += counts[i];
            if (sum > limit)
            {
                int[] largest = [.. Enumerable.Range(0, counts.Length)
                    .OrderByDescending(layer => counts[layer]).Where(layer => counts[layer] > 0).Take(Largest)];
                return BudgetProblems.Exceeded(
                    layers[i], unit, limit, counts[i], sum, first + counts.Sum(),
                    [.. largest.Select(layer => (layers[layer].Label, counts[layer]))]);
            }
        }

        return null;
    }

    private static TimeBudget? TimeOf(
        NetworkDeclaration declaration, AttributeArguments written, Subject subject, Subject[] layers, ProblemLog problems)
    {
        (Argument<double> time, Argument<double> clock) = (written.Read(Budget.Milliseconds), written.Read(Budget.Gigahertz));
        Argument<string> family = written.Read(Budget.CpuFamily);
        foreach (Argument<double> number in new[] { time, clock })
        {
            if (number.IsSet && !(number.Value > 0 && number.Value < double.PositiveInfinity))
            {
                problems.Add(ArgumentProblems.OutOfRange(
                    subject.At(number.Name), number.Name, number.Value, "a number that is more than 0"));
            }
        }

        if (family.IsSet && !Kernels.Tier.FamilyNames.Contains(family.Value))
        {
            problems.Add(ArgumentProblems.OutOfRange(
                subject.At(family.Name), family.Name, $"'{family.Value}'", "one of " + string.Join(", ", Kernels.Tier.FamilyNames)));
        }

        if (!time.IsSet && (family.IsSet || clock.IsSet))
        {
            string name = family.IsSet ? family.Name : clock.Name;
            problems.Add(ArgumentProblems.Unread(subject.At(name), name, $"{Budget.Milliseconds.Name} is not limited"));
        }

        return time.IsSet ? new TimeBudget(time.Value, family.Value, clock.Value, declaration, layers.ToEquatableArray()) : null;
    }
}
