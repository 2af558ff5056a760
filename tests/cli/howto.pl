#!/usr/bin/perl
# howto.pl [--write] PAGE FOLDER - runs the commands of a page verbatim, in order, in one shell in FOLDER, and compares what they print.
#
# A block ```console holds commands ("$ ...", continued by lines that begin with "> ") and below each its output, stderr too; a line "..."
# stands for any lines. A block ```sh is run as it is, and must succeed. --write puts the real output in: as many lines as stood there
# before a "...", or N for "... N". The checkout ($ROOT) is left out of paths. Prints a line for each difference; exits 1 if there was one.
use strict;
use warnings;

my $write = @ARGV && $ARGV[0] eq '--write' ? shift : 0;
my ($page, $dir) = @ARGV;
open(my $in, '<', $page) or die "$page: $!\n";
my @lines = <$in>;
close($in);

# Each item: text of the page as it is, or a command with what should come of it.
my (@items, $block);
for (@lines) {
	if (!defined $block && /^```(console|sh)$/) { $block = $1; push @items, {text => $_}; push @items, {kind => 'sh', cmd => '', want => []} if $block eq 'sh'; next }
	if (defined $block && /^```$/) { undef $block; push @items, {text => $_}; next }
	if (!defined $block) { push @items, {text => $_}; next }
	if ($block eq 'sh') { $items[-1]{cmd} .= $_; next }
	if (/^\$ (.*)/s) { push @items, {kind => 'console', cmd => $1, shown => $_, want => []}; next }
	if (/^> (.*)/s && !@{$items[-1]{want}}) { $items[-1]{cmd} .= $1; $items[-1]{shown} .= $_; next }
	push @{$items[-1]{want}}, $_;
}

my @run = grep { defined $_->{kind} } @items;
my $script = "cd '$dir' || exit 9\nrc=0\n";
for my $i (0 .. $#run) {
	$script .= "{ ( exit \$rc )\n$run[$i]{cmd}\n} >'$dir/../out.$i' 2>&1 </dev/null; rc=\$?; echo \$rc >'$dir/../rc.$i'\n";
}
open(my $sh, '|-', 'sh') or die "sh: $!\n";
print $sh $script;
close($sh);

sub slurp { my ($f) = @_; open(my $h, '<', $f) or return (); my @l = <$h>; close($h); $l[-1] .= "\n" if @l && $l[-1] !~ /\n$/; s{\Q$ENV{ROOT}\E/}{}g for @l; return @l }
sub matches { # output lines against wanted ones, "..." for any
	my ($got, $want) = @_;
	my $re = join '', map { $_ eq "...\n" ? '(?:.*\n)*?' : quotemeta($_) } @$want;
	return join('', @$got) =~ /\A$re\z/;
}

my $bad = 0;
for my $i (0 .. $#run) {
	my @got = slurp("$dir/../out.$i");
	my ($rc) = slurp("$dir/../rc.$i");
	if ($run[$i]{kind} eq 'sh') {
		next if defined $rc && $rc == 0;
		print "a block of commands failed:\n$run[$i]{cmd}", @got;
		$bad = 1;
	} elsif ($write) {
		my @want = @{$run[$i]{want}};
		my $keep = @want && $want[-1] =~ /^\.\.\. (\d+)$/ ? $1 : @want && $want[-1] eq "...\n" ? $#want : -1;
		$run[$i]{want} = $keep >= 0 && @got > $keep ? [@got[0 .. $keep - 1], "...\n"] : \@got;
	} elsif (!matches(\@got, $run[$i]{want})) {
		print "\$ $run[$i]{cmd}--- wanted\n", @{$run[$i]{want}}, "--- got\n", @got[0 .. ($#got > 60 ? 60 : $#got)];
		$bad = 1;
	}
}
if ($write) {
	open(my $out, '>', $page) or die "$page: $!\n";
	print $out defined $_->{kind} ? ($_->{kind} eq 'sh' ? $_->{cmd} : ($_->{shown}, @{$_->{want}})) : $_->{text} for @items;
	close($out);
}
exit $bad;
