# OpenVPN's management interface as far as rendez vpn-watch asks: perl openvpn.pl SOCKET FILE. One
# tunnel of nobody is up until it is killed; that command is written to FILE.
use strict;
use warnings;
use IO::Socket::UNIX;

my ($path, $file) = @ARGV;
my $server = IO::Socket::UNIX->new(Local => $path, Listen => 1) or die "$path: $!";
chmod 0777, $path; # as OpenVPN leaves it: the folder lets in who may
my $is_up = 1;
while (my $client = $server->accept) {
    $client->autoflush;
    while (my $line = <$client>) {
        if ($line =~ /^kill /) {
            open(my $out, '>', "$file.new") or die $!;
            print $out $line;
            close $out;
            rename "$file.new", $file;
            $is_up = 0;
            print $client "SUCCESS: common name found\n";
        } else {
            my @row = ('CLIENT_LIST', 'p_nobody', '192.0.2.7:1194', '10.8.0.6', '', 0, 0, 'now', time, 'p_nobody', 0, 0, 'none');
            print $client join("\t", @row), "\n" if $is_up;
            print $client "END\n";
        }
    }
}
