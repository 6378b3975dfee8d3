using System;
using System.IO;
using System.Linq;
using System.Text;
using Xunit;

namespace Strata.Weights.Tests;

/// <summary>
/// Files whose makers mean harm, or that hold something else: a message, little time, little memory, and nothing is changed.
/// </summary>
public sealed class HostileFileTests(ITestOutputHelper log) : IDisposable
{
    private readonly Small _net = new(seed: 1);

    public void Dispose() => _net.Dispose();

    [Theory]
    [InlineData("cos\nsystem\n", "os.system")]
    [InlineData("cposix\nsystem\n", "posix.system")]
    [InlineData("cbuiltins\neval\n", "builtins.eval")]
    [InlineData("c__builtin__\nexec\n", "__builtin__.exec")]
    [InlineData("cbuiltins\ngetattr\n", "builtins.getattr")]
    [InlineData("cbuiltins\nlist\n", "builtins.list")]
    [InlineData("csubprocess\nPopen\n", "subprocess.Popen")]
    [InlineData("ctorch.storage\n_load_from_bytes\n", "torch.storage._load_from_bytes")]
    [InlineData("ctorch.nn.modules.linear\nLinear\n", "torch.nn.modules.linear.Linear")]
    [InlineData("ctorch\nFloatStorage.__init__\n", "torch.FloatStorage.__init__")]
    [InlineData("cSystem.Diagnostics\nProcess\n", "System.Diagnostics.Process")]
    public void No_other_name_is_looked_up(string code, string name)
    {
        byte[] pickle = new PickleWriter().Code(code).Text("echo").Code([0x85]).Code("R").Bytes;
        string message = Refusal(PickleWriter.Zip(pickle));
        Assert.StartsWith($"stream: the pickle asks for Python's '{name}' at byte ", message);
        Assert.Contains("nothing of a file is executed", message);
        Assert.Contains("torch.save(model.state_dict(), \"weights.pth\")", message);

        // As protocol 4 names it.
        byte[] newer = new PickleWriter().Text(name[..name.LastIndexOf('.')]).Text(name[(name.LastIndexOf('.') + 1)..]).Code([0x93]).Bytes;
        Assert.StartsWith($"stream: the pickle asks for Python's '{name}' at byte ", Refusal(PickleWriter.Zip(newer)));
    }

    [Fact]
    public void A_call_within_the_arguments_of_an_allowed_one_is_refused() => Assert.Contains("'os.system'", Refusal(PickleWriter.Zip(
        new PickleWriter().Code("ccollections\nOrderedDict\n](").Text("a").Code("cos\nsystem\n").Text("x").Code([0x85]).Code("Rtea")
            .Code([0x85]).Code("R").Bytes)));

    public static TheoryData<string, string> Damaged => new()
    {
        { "}}", "it ends with 2 values instead of one" },
        { "0", "it takes a value where there is none" },
        { "\x85", "it takes a value where there is none" },
        { "(\x85", "it takes a value where there is none" },
        { "N(0", "it takes a value where there is none" },
        { "t", "it goes back to a mark where there is none" },
        { "h\u0003", "it takes the value number 3, of 0" },
        { "Nr\xFF\xFF\xFF\x7F", "it keeps a value as number 2147483647, where 0 is the next" },
        { "}(NNNu", "a key has no value" },
        { "NNs", "it takes a value where there is none" },
        { "NNNs", "it sets items of what is no dictionary" },
        { "NNa", "it appends to what is no list" },
        { "NNb", "it sets attributes of a plain value" },
        { "NNR", "the arguments of a call are no tuple" },
        { "N)R", "it calls what is no function" },
        { "\x80\u0009N", "its protocol is none of 2 to 5" },
        { "I01\n", "code 0x49 is none that torch.save writes" },
        { "inos\nsystem\n", "code 0x69 is none that torch.save writes" },
        { "NN\x93", "a name is no text" },
        { "X\xFF\xFF\xFF\x7F", "where a value of 2147483647 bytes is expected, but its file in the archive ends" },
        { "\x8D\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", "where a value of 18446744073709551615 bytes is expected" },
        { "X\u0002\0\0\0\xC0\xC0", "is no UTF-8" },
        { "c" + new string('a', 300) + "\n", "a name of at most 200 letters is expected" },
        { "NQ", "it names something outside of it that is no storage" },
        { "ctorch._utils\n_rebuild_tensor_v2\n)R", "it calls torch._utils._rebuild_tensor_v2 with other arguments" },
        { "ctorch._utils\n_rebuild_parameter\n)R", "it calls torch._utils._rebuild_parameter with other arguments" },
        { "ccollections\nOrderedDict\nK\u0001\x85R", "it calls collections.OrderedDict with other arguments" },
        { "N", "the file holds None; a state_dict, or a checkpoint with one, is expected" },
        { "]", "the file holds a list;" },
        { "K\u0001", "the file holds a number;" },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_pickle_that_Python_does_not_write_is_refused_with_the_place(string codes, string message) =>
        Assert.Contains(message, Refusal(PickleWriter.Zip(new PickleWriter().Code(codes).Bytes)));

    public static TheoryData<long, long[], long[], long, string> Tensors => new()
    {
        { 0, [5], [1], 4, "goes beyond its storage of 4 numbers" },
        { 1, [4], [1], 4, "goes beyond its storage of 4 numbers" },
        { 5, [0], [1], 4, "cannot be" },
        { -1, [2], [1], 4, "cannot be" },
        { 0, [-2], [1], 4, "cannot be" },
        { 3, [2], [-1], 4, "cannot be" },
        { 0, [2, 2], [1], 4, "cannot be" },
        { 0, [2, 2], [long.MaxValue, 1], 4, "goes beyond its storage" },
        { 0, [long.MaxValue, long.MaxValue], [long.MaxValue, long.MaxValue], 4, "goes beyond its storage" },
        { 0, [1L << 40, 1L << 40], [0, 0], 4, "goes beyond its storage" },
        { 0, [1L << 40], [0], 4, "its tensors would take 4398046511104 bytes, more than 16 times the file's " },
        { 0, [4], [1], 5, "its storage '0' should have 5 numbers of 4 bytes, and has 16 bytes" },
        { 0, [4], [1], long.MaxValue, "its storage '0' should have 9223372036854775807 numbers" },
        { 0, [4], [1], -4, "cannot be" },
    };

    [Theory]
    [MemberData(nameof(Tensors))]
    public void A_tensor_outside_of_its_storage_is_refused(long offset, long[] shape, long[] strides, long count, string message) =>
        Assert.Contains(message, Refusal(PickleWriter.Zip(PickleWriter.One(offset, shape, strides, count))));

    [Fact]
    public void Names_and_storages_are_checked()
    {
        Assert.Contains("tensor 'w': it is there twice", Refusal(PickleWriter.Zip(new PickleWriter()
            .Code("}(").Text("w").Tensor(0, [4], [1]).Text("w").Tensor(0, [4], [1]).Code("u").Bytes)));
        Assert.Contains("tensor '__metadata__': safetensors have no tensor of this name", Refusal(PickleWriter.Zip(new PickleWriter()
            .Code("}").Text("__metadata__").Tensor(0, [4], [1]).Code("s").Bytes)));
        Assert.Contains("a tensor's key is no text", Refusal(PickleWriter.Zip(new PickleWriter()
            .Code("}K\u0001").Tensor(0, [4], [1]).Code("s").Bytes)));
        Assert.Contains("tensor 'w': its storage '../../secret' is not in the file", Refusal(PickleWriter.Zip(new PickleWriter()
            .Code("}").Text("w").Tensor(0, [4], [1], key: "../../secret").Code("s").Bytes)));
        Assert.Contains("asks for Python's 'torch.QUInt8Storage'", Refusal(PickleWriter.Zip(
            PickleWriter.One(0, [4], [1], storage: "torch\nQUInt8Storage\n"))));
    }

    /// <summary>Nothing here calls itself, and no key is hashed.</summary>
    [Fact]
    public void Depth_does_no_harm()
    {
        const int Depth = 1_000_000;
        Assert.Contains("the file holds a tuple", Refusal(PickleWriter.Zip(new PickleWriter().Code("N").Repeat("\x85", Depth).Bytes)));
        Assert.Contains("the file holds a dictionary without tensors", Refusal(PickleWriter.Zip(
            new PickleWriter().Code("}N").Repeat("\x85", Depth).Code("Ns").Bytes)));

        // A dictionary that is its own key and value.
        Assert.Contains("the file holds a dictionary without tensors", Refusal(PickleWriter.Zip(
            new PickleWriter().Code("}q\0h\0h\0s").Bytes)));
    }

    /// <summary>Each value is kept twice in the next one: 2¹⁰⁰⁰ values for whoever walks through them.</summary>
    [Fact]
    public void Values_within_values_are_not_walked_through()
    {
        PickleWriter pickle = new PickleWriter().Code(")");
        for (int i = 0; i < 200; i++)
        {
            pickle.Code("q").Code((byte)i).Code("h").Code((byte)i).Code([0x86]);
        }

        Assert.Contains("the file holds a tuple", Refusal(PickleWriter.Zip(pickle.Bytes)));
    }

    [Theory]
    [InlineData("N")]
    [InlineData("(")]
    [InlineData("]")]
    [InlineData("}")]
    [InlineData("Nr")]
    [InlineData("X\u0001\0\0\0a")]
    [InlineData("G\0\0\0\0\0\0\0\0")]
    [InlineData("M\xFF\xFF")]
    [InlineData("N\x85")]
    public void Memory_is_a_multiple_of_the_pickle_at_most(string codes)
    {
        const int Length = 9_000_000;
        var pickle = new PickleWriter();
        if (codes == "Nr")
        {
            (pickle, codes) = (pickle.Code("N"), "\x94");
        }

        byte[] file = PickleWriter.Zip(pickle.Repeat(codes, Length / codes.Length).Bytes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refusal(file);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        log.WriteLine($"{bytes / (double)Length:F1} bytes for a byte");
        Assert.InRange(bytes, 0, 60L * Length);
    }

    /// <summary>A list of 10,000 pairs, and 100,000 dictionaries of it, would be a billion pairs.</summary>
    [Fact]
    public void A_list_makes_one_dictionary_only()
    {
        byte[] pickle = new PickleWriter().Code("](").Repeat("NN\x86", 10_000).Code("eq\0ccollections\nOrderedDict\nq\u00010(")
            .Repeat("h\u0001h\0\x85R", 100_000).Code("t").Bytes;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("it calls collections.OrderedDict with other arguments", Refusal(PickleWriter.Zip(pickle)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 60L * pickle.Length);
    }

    /// <summary>Shapes are shared in a pickle, but not in a header.</summary>
    [Fact]
    public void A_header_longer_than_allowed_is_not_made()
    {
        PickleWriter pickle = new PickleWriter().Tuple([0, .. Enumerable.Repeat(1L << 60, 63)]).Code("q\00}(");
        for (int i = 0; i < 3_000; i++)
        {
            pickle.Text($"w{i}").Tensor(0, () => pickle.Code("h\0h\0"));
        }

        byte[] file = PickleWriter.Zip(pickle.Code("u").Bytes);
        Assert.Contains("which WeightsLoadOptions.MaxHeaderLength allows",
            Refusal(file, new WeightsLoadOptions { Strict = false, MaxHeaderLength = file.Length }));
    }

    [Theory]
    [InlineData("plain.zip", 600)]
    [InlineData("plain.zip", 100)]
    [InlineData("plain.legacy", 500)]
    public void MaxHeaderLength_limits_the_pickle_and_the_directory(string name, int most) => Assert.Contains(
        $"WeightsLoadOptions.MaxHeaderLength allows {most}",
        Refusal(Golden.Files[name], new WeightsLoadOptions { MaxHeaderLength = most }));

    [Fact]
    public void What_torch_save_does_not_write_is_named()
    {
        Assert.Contains("'x/data.pkl' is compressed in the archive", Refusal(PickleWriter.Zip(new byte[1_000_000], isCompressed: true)));
        Assert.Contains("in the order 'big'; 'little' is read", Refusal(PickleWriter.Zip([], order: Encoding.ASCII.GetBytes("big"))));
        Assert.Contains("a ZIP archive without data.pkl; it has x/y/data.pkl", Refusal(PickleWriter.Zip([], folder: "x/y")));
        Assert.Contains("a whole model", Refusal(Golden.Files["whole.legacy"]));
        Assert.Contains("'__main__.Net'", Refusal(Golden.Files["whole.zip"]));
        Assert.Contains("a TorchScript program", Refusal(Golden.Files["script.zip"]));
        Assert.Contains("the file holds a tensor without a name", Refusal(Golden.Files["tensor.zip"]));
        Assert.Contains("the file holds a list", Refusal(Golden.Files["list.legacy"]));
        Assert.Contains("none of its keys is 'state_dict', 'model_state_dict', 'model', 'model_state', 'net'; it has epoch",
            Refusal(Golden.Files["nothing.zip"]));
        Assert.Contains("the file is empty", Refusal([]));
        Assert.Contains("not a PyTorch file, but an HDF5 file (.h5)", Refusal([0x89, .. "HDF\r\n\u001A\n"u8]));
        Assert.Contains("not a PyTorch file, but a Python pickle", Refusal(new PickleWriter().Code("}").Bytes));
        Assert.Contains("not a PyTorch file: it begins with 0102", Refusal([1, 2]));
        using var saved = new MemoryStream();
        _net.Save(saved);
        Assert.Contains("a safetensors file. The network's Load reads it", Refusal(saved.ToArray()));
    }

    [Fact]
    public void A_file_of_a_machine_with_the_highest_byte_first_is_refused()
    {
        byte[] file = Golden.Files["plain.legacy"].ToArray();
        int place = file.AsSpan().IndexOf("little_endian"u8) + "little_endian".Length;
        int truth = place + file.AsSpan(place).IndexOf((byte)0x88);
        file[truth] = 0x89;
        Assert.Contains("begin with the highest byte", Refusal(file));
    }

    [Theory]
    [InlineData("plain.zip")]
    [InlineData("plain.legacy")]
    public void A_file_that_is_cut_off_anywhere_is_refused(string name)
    {
        byte[] file = Golden.Files[name];
        for (int length = 0; length < file.Length; length++)
        {
            Refusal(file[..length]);
        }
    }

    /// <summary>A slice of <c>dotnet run --project tests/Soak -- weights</c>.</summary>
    [Fact]
    public void Damaged_files_are_read_or_refused_in_little_time_and_memory()
    {
        WeightsFuzz.Report report = WeightsFuzz.Run(Golden.OfTorch.Select(file => file.Value), 1, 1_000, Load);
        log.WriteLine($"{report.Read} read, {report.Refused} refused; {report.Slowest.TotalMilliseconds:F0} ms; {report.MostBytes} bytes");
        Assert.Empty(report.Failures);
        Assert.InRange(report.Read, 50, 950);
    }

    private void Load(Stream file)
    {
        float[] before = Values();
        try
        {
            _net.LoadPyTorch(file, new WeightsLoadOptions { Strict = false, SkipMismatched = true });
        }
        catch (WeightsFormatException)
        {
            Assert.Equal(before, Values());
            throw;
        }
    }

    /// <summary>The message about a file, which leaves the network as it was.</summary>
    private string Refusal(byte[] file, WeightsLoadOptions? options = null)
    {
        float[] before = Values();
        string message = Assert.Throws<WeightsFormatException>(
            () => _net.LoadPyTorch(new MemoryStream(file), options)).Message;
        Assert.Equal(before, Values());
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private float[] Values() => [.. _net.Parameters.SelectMany(parameter =>
    {
        float[] values = new float[parameter.Length];
        parameter.CopyTo(values);
        return values;
    })];
}
