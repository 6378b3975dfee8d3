using System;
using System.Linq;
using Strata.Compiler.Operators;
using Strata.Onnx.Layers;
using Strata.Onnx.Text;
using Xunit;
using LayerWords = Strata.Onnx.Text.LayerWords;

namespace Strata.Onnx.Tests;

public sealed class LayerWordsTests
{
    public static TheoryData<string> Kinds => [.. OperatorSet.BuiltIn.All.OfType<LayerOperator>().Select(known => known.Kind)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_layer_of_several_tensors_joins_them_unless_it_reads_a_partner(string kind)
    {
        var known = (LayerOperator)OperatorSet.FindBuiltIn(kind)!;
        var input = new InputTensor("x", [1]);
        int inputs = known.JoinsBranches || known.PartnerArgument is not null ? 2 : 1;
        var layer = new Layer(kind, [.. Enumerable.Repeat(input, inputs)], [1]);
        Assert.Equal(known.JoinsBranches, LayerWords.IsJoin(layer));
    }

    [Fact]
    public void Defaults_that_blocks_write_are_those_of_the_attributes()
    {
        Type[] kinds = [typeof(Conv1DAttribute), typeof(Conv2DAttribute), typeof(Conv3DAttribute), typeof(ConvTranspose2DAttribute)];
        Assert.All(kinds, kind => CheckDefaults(kind, [8, 3]));
        CheckDefaults(typeof(DenseAttribute), [8]);
    }

    [Fact]
    public void No_member_of_a_network_can_be_the_name_of_a_layer()
    {
        string[] members = [.. typeof(CompiledNetwork).GetProperties().Select(member => member.Name), "Forward", "CreateTrainer", "Equals"];
        Assert.All(members, member => Assert.True(LayerNames.IsMemberOfNetworks(member)));
        Assert.False(LayerNames.IsMemberOfNetworks("Conv1"));
    }

    [Theory]
    [InlineData(0.1, "0.1")]
    [InlineData(1e-5, "1e-5")]
    [InlineData(1e-3, "0.001")]
    [InlineData((double)1e-5f, "1e-5")]
    [InlineData((double)0.2f, "0.2")]
    [InlineData(224.0, "224")]
    [InlineData(1.0 / 3, "0.3333333333333333")]
    [InlineData(double.PositiveInfinity, "double.PositiveInfinity")]
    [InlineData(6e30, "6e30")]
    public void Numbers_are_written_as_people_write_them(double number, string text) => Assert.Equal(text, Numerals.Format(number));

    private static void CheckDefaults(Type kind, object[] arguments)
    {
        object attribute = Activator.CreateInstance(kind, arguments)!;
        var layer = new Layer(kind.Name[..^"Attribute".Length], [new InputTensor("x", [1])], [1])
        {
            Arguments = [.. arguments.Select(argument => new LayerArgument(null, argument))],
        };
        foreach (Slot slot in Slot.ReadAll(layer).Where(slot => slot.Default is not null))
        {
            Assert.Equal(slot.Default, kind.GetProperty(slot.Name)!.GetValue(attribute));
        }
    }
}
