using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Strata.Compiler.Catalogue;
using Strata.Compiler.Operators;
using Strata.Weights;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>Which classes of Keras are which layers stands in the catalogue. The package that reads Keras' files says the same.</summary>
public sealed class KerasClassTests
{
    [Fact]
    public void The_package_for_Keras_knows_the_classes_of_the_catalogue()
    {
        Dictionary<string, IReadOnlyList<string>> known = KerasClasses.All.ToDictionary(row => row.Layer, row => row.Classes);
        Assert.All(known, row => Assert.Contains(row.Value[0], ClassesOf(OperatorSet.BuiltIn.All.Single(one => one.Kind == row.Key))));

        // Other layers have no class whose weights are read.
        HashSet<string> read = [.. known.Values.SelectMany(classes => classes)];
        Assert.All(
            OperatorSet.BuiltIn.All.OfType<LayerOperator>().Where(one => !known.ContainsKey(one.Kind)),
            one => Assert.DoesNotContain(ClassesOf(one), read.Contains));
    }

    [Fact]
    public void Layers_that_leave_features_as_they_are_compute_each_in_the_same_way()
    {
        Dictionary<string, OperatorFamily> families = OperatorSet.BuiltIn.All.OfType<LayerOperator>()
            .ToDictionary(one => one.Kind, one => one.Family);
        Assert.All(FeatureOrders.Unchanged, kind => Assert.Contains(
            families[kind], (OperatorFamily[])[OperatorFamily.Activations, OperatorFamily.Normalization, OperatorFamily.Regularization]));
    }

    private static IEnumerable<string> ClassesOf(object known) => known is LayerOperator { Documentation.Keras: var text }
        ? Regex.Matches(text, "[A-Z][A-Za-z0-9]+").Select(match => ConfigLayer.SnakeOf(match.Value)) : [];
}
