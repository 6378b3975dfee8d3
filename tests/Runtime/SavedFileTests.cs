using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using Strata.Data;
using Strata.Pictures;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>What happens to a file that is overwritten by a save, for weights, checkpoints, pictures and curves.</summary>
public sealed class SavedFileTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("strata-").FullName;
    private readonly LinearNetwork _network = new(new NetworkOptions { Seed = 1 });

    public static TheoryData<string> Writers => new("weights", "checkpoint", "picture", "curves");

    public void Dispose()
    {
        _network.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void Links_are_followed_and_stay(string writer)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // with other links, permissions and devices
        }

        string data = Directory.CreateDirectory(Path.Combine(_directory, "data", "deep")).FullName;
        string target = Path.Combine(data, "target");
        File.WriteAllText(target, "old");
        string direct = Path.Combine(_directory, "direct"), relative = Path.Combine(_directory, "relative");
        File.CreateSymbolicLink(direct, target);
        File.CreateSymbolicLink(relative, "data/../direct");
        foreach (string link in (string[])[direct, relative])
        {
            File.WriteAllText(target, "old");
            Save(writer, link);
            Assert.NotNull(new FileInfo(link).LinkTarget);
            Assert.Null(new FileInfo(target).LinkTarget);
            Assert.True(new FileInfo(target).Length > 20);
        }

        // A link in a linked directory: .. is the parent of where it really is.
        Directory.CreateSymbolicLink(Path.Combine(_directory, "shortcut"), data);
        File.CreateSymbolicLink(Path.Combine(data, "up"), "../above");
        Save(writer, Path.Combine(_directory, "shortcut", "up"));
        Assert.True(File.Exists(Path.Combine(_directory, "data", "above")));

        // What a link points to need not be there yet.
        string dangling = Path.Combine(_directory, "dangling");
        File.CreateSymbolicLink(dangling, "data/new");
        Save(writer, dangling);
        Assert.NotNull(new FileInfo(dangling).LinkTarget);
        Assert.True(File.Exists(Path.Combine(_directory, "data", "new")));
        Assert.Equal(["above", "new"], Names(Path.Combine(_directory, "data")));
        Assert.Equal(["target", "up"], Names(data));
    }

    [Fact]
    public void Links_in_a_circle_are_refused()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // with other links, permissions and devices
        }

        string a = Path.Combine(_directory, "a");
        File.CreateSymbolicLink(a, "b");
        File.CreateSymbolicLink(Path.Combine(_directory, "b"), "a");
        Assert.StartsWith(a + ": ", Assert.ThrowsAny<IOException>(() => _network.Save(a)).Message);
        Assert.Equal(["a", "b"], Names(_directory));
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void Permissions_are_kept(string writer)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // with other links, permissions and devices
        }

        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        string path = Path.Combine(_directory, "w");
        foreach (UnixFileMode mode in (UnixFileMode[])[Own,
            Own | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite | UnixFileMode.OtherRead])
        {
            File.WriteAllText(path, "old");
            File.SetUnixFileMode(path, mode);
            Save(writer, path);
            Assert.Equal(mode, File.GetUnixFileMode(path));
        }
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void Pipes_and_devices_are_refused(string writer)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // with other links, permissions and devices
        }

        string pipe = Path.Combine(_directory, "pipe"), link = Path.Combine(_directory, "link");
        using (Process mkfifo = Process.Start("mkfifo", [pipe]))
        {
            mkfifo.WaitForExit();
        }

        File.CreateSymbolicLink(link, "/dev/null");
        foreach (string path in (string[])[pipe, link, "/dev/null"])
        {
            string message = Assert.ThrowsAny<IOException>(() => Save(writer, path)).Message;
            Assert.Equal(
                $"{path}: the file cannot be written: it is no regular file but a pipe, a socket or a device, which "
                + "a file does not replace.", message);
        }

        Assert.Equal(["link", "pipe"], Names(_directory));
        Assert.Equal(0, File.OpenHandle("/dev/null") is var device ? RandomAccess.GetLength(device) : -1);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_directory_is_refused(string writer)
    {
        string path = Directory.CreateDirectory(Path.Combine(_directory, "w")).FullName;
        Assert.Equal($"{path}: the file cannot be written: it is a directory.",
            Assert.ThrowsAny<IOException>(() => Save(writer, path)).Message);
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void A_name_may_be_as_long_as_the_file_system_allows(string writer)
    {
        string path = Path.Combine(_directory, new string('w', 255));
        Save(writer, path);
        Save(writer, path);
        Assert.Equal([Path.GetFileName(path)], Names(_directory));
        path += "w";
        AssertNamed(path, () => Save(writer, path));
    }

    [Theory]
    [MemberData(nameof(Writers))]
    public void What_cannot_be_written_is_an_IOException_that_names_the_file(string writer)
    {
        string missing = Path.Combine(_directory, "missing", "w");
        AssertNamed(missing, () => Save(writer, missing));
        if (!OperatingSystem.IsWindows())
        {
            AssertNamed("/proc/w", () => Save(writer, "/proc/w"));
            AssertNamed("/proc/version", () => Save(writer, "/proc/version"));
        }
    }

    [Theory]
    [InlineData("weights")]
    [InlineData("picture")]
    [InlineData("labels")]
    [InlineData("checkpoint")]
    public void What_cannot_be_read_is_an_IOException_that_names_the_file(string reader)
    {
        foreach (string path in (string[])[_directory, Path.Combine(_directory, "missing"), Path.Combine(_directory, "missing", "w")])
        {
            string message = Assert.ThrowsAny<IOException>(() => Load(reader, path)).Message;
            Assert.Contains(path, message);
        }
    }

    [Fact]
    public void A_relative_path_is_named_as_it_was_given() =>
        Assert.StartsWith("missing/w: the file cannot be written: ",
            Assert.ThrowsAny<IOException>(() => _network.Save("missing/w")).Message);

    [Theory]
    [MemberData(nameof(Writers))]
    public void What_a_killed_process_left_is_removed_by_the_next_save(string writer)
    {
        // A process that dies cannot tidy up: as if, the file that is being written is copied.
        string path = Path.Combine(_directory, "w"), other = Path.Combine(_directory, "v");
        string[] during = [];
        AtomicFile.Write(path, stream =>
        {
            stream.Write([1, 2, 3]);
            during = Names(_directory);
            File.WriteAllBytes(Path.Combine(_directory, Assert.Single(during).Replace(".tmp", "0.tmp")), [1]);
        });
        Assert.Equal(2, Names(_directory).Length);
        Save(writer, other);
        Assert.Equal(3, Names(_directory).Length);
        Save(writer, path);
        Assert.Equal(["v", "w"], Names(_directory));
    }

    [Fact]
    public void What_another_writer_is_writing_is_left_alone()
    {
        string path = Path.Combine(_directory, "w");
        AtomicFile.Write(path, outer =>
        {
            outer.Write([1]);
            AtomicFile.Write(path, inner => inner.Write([2]));
            Assert.Equal([2], File.ReadAllBytes(path));
            outer.Write([1]);
        });
        Assert.Equal([1, 1], File.ReadAllBytes(path));
        Assert.Equal(["w"], Names(_directory));
    }

    [Fact]
    public void Many_may_save_to_one_path_at_once()
    {
        string path = Path.Combine(_directory, "w");
        Exception? failure = null;
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(i => new Thread(() =>
        {
            try
            {
                for (int round = 0; round < 50; round++)
                {
                    AtomicFile.Write(path, stream => stream.Write(Enumerable.Repeat((byte)i, 100).ToArray()));
                    byte[] read = File.ReadAllBytes(path);
                    Assert.Equal(100, read.Length);
                    Assert.Single(read.Distinct());
                }
            }
            catch (Exception e)
            {
                failure = e;
            }
        }))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Null(failure);
        Assert.Equal(["w"], Names(_directory));
    }

    [Fact]
    public void A_write_that_fails_leaves_the_file_and_nothing_else()
    {
        string path = Path.Combine(_directory, "w");
        File.WriteAllText(path, "old");
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write([1]);
            throw new InvalidOperationException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal(["w"], Names(_directory));
    }

    private static void AssertNamed(string path, Action save)
    {
        string message = Assert.ThrowsAny<IOException>(save).Message;
        Assert.StartsWith($"{path}: the file cannot be written: ", message);
        Assert.DoesNotContain(".tmp", message);
    }

    private static string[] Names(string directory) =>
        [.. Directory.GetFileSystemEntries(directory).Where(e => !Directory.Exists(e)).Select(e => Path.GetFileName(e))
            .Order(StringComparer.Ordinal)];

    private void Save(string writer, string path)
    {
        using var trainer = new RegressionTrainer(_network, 8, new Sgd(0.1));
        switch (writer)
        {
            case "weights": _network.Save(path); break;
            case "checkpoint": trainer.SaveCheckpoint(path); break;
            case "curves": LearningCurves.Save(path, []); break;
            default: new Picture(2, 2).Save(path); break;
        }
    }

    private void Load(string reader, string path)
    {
        using var trainer = new RegressionTrainer(_network, 8, new Sgd(0.1));
        switch (reader)
        {
            case "weights": _network.Load(path); break;
            case "checkpoint": trainer.LoadCheckpoint(path); break;
            case "labels": IdxFile.ReadLabels(path); break;
            default: Picture.Load(path); break;
        }
    }
}
