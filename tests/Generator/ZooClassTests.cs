using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Strata.Compiler.Graph;
using Xunit;

namespace Strata.Generator.Tests;

/// <summary>The networks of samples/Zoo for another number of classes.</summary>
public sealed class ZooClassTests
{
    private const int Classes = 7;

    private static readonly Lazy<Dictionary<string, NetworkGraph>> Zoo = new(() => Graphs.AllOf(Graphs.ZooSources()));

    [Fact]
    public void Every_network_takes_its_number_of_classes_and_nothing_but_its_heads_changes()
    {
        SyntaxNode[] files = [.. Graphs.ZooSources().Select(source => CSharpSyntaxTree.ParseText(source).GetRoot())];
        HashSet<string> blocks = [.. files.SelectMany(Types).Where(TakesClasses).Select(type => type.Identifier.Text)];
        SyntaxNode[] changed = [.. files.Select(file => WithClasses(file, blocks))];

        Dictionary<string, NetworkGraph> before = Zoo.Value, after = Graphs.AllOf(changed.Select(file => file.ToFullString()));
        Assert.Equal(before.Keys, after.Keys);
        Assert.All(before.Keys, name => CheckHeads(before[name], after[name]));
    }

    /// <summary>As a build sees the project Strata.Zoo, and as an editor does.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_networks_are_the_same_with_the_blocks_in_another_assembly(bool isBuilt)
    {
        MetadataReference blocks = DeclaredBlockTests.Library([.. Graphs.ZooSources("Networks")], isBuilt, "Strata.Zoo");
        Dictionary<string, NetworkGraph> there = Graphs.AllOf(Graphs.ZooSources("Declarations"), blocks);
        Assert.Equal(Zoo.Value.Keys, there.Keys);
        Assert.All(there, network => Assert.True(Zoo.Value[network.Key].Equals(network.Value), network.Key));
    }

    [Fact]
    public void The_documentation_of_each_network_has_its_number_of_parameters_and_classes()
    {
        Dictionary<string, string> pages = Graphs.ZooSources("Networks").Select(source => CSharpSyntaxTree.ParseText(source).GetRoot())
            .SelectMany(Types).ToDictionary(type => type.Identifier.Text, type => type.GetLeadingTrivia().ToFullString());
        string[] others = ["FashionResNet20"];
        Assert.All(Zoo.Value.Where(network => !others.Contains(network.Key)), network =>
        {
            int parameters = TorchvisionKeyTests.Parameters(network.Value).Where(parameter => parameter.IsTrained)
                .Sum(parameter => parameter.Length);
            string text = string.Create(CultureInfo.InvariantCulture, $"{parameters:N0} parameters");
            Assert.Contains(text, pages[network.Key + "Attribute"].ReplaceLineEndings("\n")
                .Replace("\n/// ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
        });
    }

    private static void CheckHeads(NetworkGraph before, NetworkGraph after)
    {
        Assert.Equal(before.Nodes.Select(node => node.Name), after.Nodes.Select(node => node.Name));
        bool[] differs = [.. before.Nodes.Zip(after.Nodes, (old, made) => old.Shape != made.Shape)];
        Assert.All(after.Nodes.Where(node => differs[node.Index]), node =>
            Assert.Equal(before.Nodes[node.Index].Shape with { Channels = Classes }, node.Shape));
        Assert.All(after.Nodes.Where(node => !differs[node.Index]),
            node => Assert.Equal(before.Nodes[node.Index].Operation, node.Operation));

        // Auxiliary heads, too; of values such as a detector's boxes, at least one is of the classes.
        Assert.All(after.Losses.Where(loss => loss.Loss.TakesClasses), loss => Assert.True(differs[loss.Node]));
        Assert.Contains(after.Losses, loss => differs[loss.Node]);
        Assert.Contains(after.Outputs, output => differs[output.Node]);
    }

    /// <summary>The networks of a file, with another number wherever they use a block that takes one.</summary>
    private static SyntaxNode WithClasses(SyntaxNode file, HashSet<string> blocks)
    {
        IEnumerable<AttributeSyntax> uses = Types(file).Where(IsNetwork).SelectMany(Attributes)
            .Where(use => blocks.Contains(use.Name + "Attribute"));
        return file.ReplaceNodes(uses, (use, _) =>
        {
            AttributeArgumentListSyntax arguments = use.ArgumentList!;
            int place = arguments.Arguments.IndexOf(argument => argument.NameEquals is not null);
            return use.WithArgumentList(arguments.WithArguments(arguments.Arguments.Insert(
                place < 0 ? arguments.Arguments.Count : place,
                SyntaxFactory.AttributeArgument(null, SyntaxFactory.NameColon("classes"), SyntaxFactory.ParseExpression($"{Classes}")))));
        });
    }

    private static IEnumerable<ClassDeclarationSyntax> Types(SyntaxNode file) => file.DescendantNodes().OfType<ClassDeclarationSyntax>();

    private static IEnumerable<AttributeSyntax> Attributes(ClassDeclarationSyntax type) =>
        type.AttributeLists.SelectMany(list => list.Attributes);

    private static bool IsNetwork(ClassDeclarationSyntax type) => Attributes(type).Any(attribute => attribute.Name.ToString() == "Network");

    private static bool TakesClasses(ClassDeclarationSyntax type) => type.Members.OfType<ConstructorDeclarationSyntax>()
        .Any(constructor => constructor.ParameterList.Parameters.Any(parameter => parameter.Identifier.Text == "classes"));
}
